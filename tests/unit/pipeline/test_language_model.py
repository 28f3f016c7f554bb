"""The syllable statistics: how words are taken apart, and what the packed tables say."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.vietnamese.language_model import BEGIN, END, UNKNOWN, LanguageModel, language_model
from pipeline.vietnamese.spelling import TokenKind, parse_word
from tests import ROOT


@pytest.mark.parametrize(
    ("word", "core", "kind"),
    [
        ("(quyết", "quyết", TokenKind.SYLLABLE),
        ("ĐỊNH:", "ĐỊNH", TokenKind.SYLLABLE),
        ("1811/QĐ-TTPVHCC", "1811/QĐ-TTPVHCC", TokenKind.NUMBER),
        ("QĐ-UBND", "QĐ-UBND", TokenKind.OTHER),
        ("website", "website", TokenKind.OTHER),
        ("xa@hanoi.gov.vn", "xa@hanoi.gov.vn", TokenKind.OTHER),
        ("...", "", TokenKind.NOTHING),
    ],
)
def test_a_word_is_taken_apart(word: str, core: str, kind: TokenKind) -> None:
    found = parse_word(word)
    assert (found.core, found.kind) == (core, kind)
    assert found.lead + found.core + found.tail == word


def test_the_shipped_statistics_know_the_language() -> None:
    model = language_model()
    assert model.is_attested("quyết")
    assert model.is_attested("đắk")  # against the rules, but a name
    assert model.is_legal("huýt")
    assert not model.is_legal("quyêt")
    assert "quyết" in model.with_letters("quyet")
    assert model.bigram_count(model.number("quyết"), model.number("định")) > 10_000
    assert model.number("quyêt") == UNKNOWN


def test_probabilities_of_what_follows_a_syllable_sum_to_one(tmp_path: Path) -> None:
    model = LanguageModel(packed(tmp_path))
    names = ["ban", "bạn", "nhân"]
    after = [
        model.log_bigram(model.number("ban"), model.number(n), model.unigram(n)) for n in names
    ]
    edges = [
        model.log_bigram(model.number("ban"), edge, model.frequency(edge)) for edge in (BEGIN, END)
    ]
    assert sum(2.718281828**log for log in after + edges) == pytest.approx(1.0, abs=1e-6)


def test_the_same_tables_are_packed_into_the_same_bytes(tmp_path: Path) -> None:
    assert packed(tmp_path).read_bytes() == packed(tmp_path).read_bytes()


def packed(folder: Path) -> Path:
    """Pack three tiny tables as a person would."""
    tables = {
        "unigrams.tsv.gz": "ban\t60\t0.1\nnhân\t30\t0\nbạn\t10\t0",
        "bigrams.tsv.gz": "<s>\tban\t40\nban\tnhân\t30\nban\t</s>\t10\nnhân\t</s>\t30",
    }
    for name, text in tables.items():
        with gzip.open(folder / name, "wt", encoding="utf-8") as table:
            table.write(text + "\n")
    (folder / "legal_syllables.txt").write_text("ban\nbạn\nnhân\nbán\n", encoding="utf-8")
    script, target = ROOT / "setup" / "pack_syllables.py", folder / "packed.zip"
    subprocess.run([sys.executable, script, folder, "--out", target], check=True)
    return target
