"""Office Vietnamese from a small grammar: no two pages say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from tests.paper import phrases
from tests.paper.cases import Case, after_working_days
from tests.paper.places import Issuer
from tests.paper.spelled import dotted, percent, printed_date, short_date


@dataclass(frozen=True, slots=True)
class Prose:
    """Sentences about one case as one office writes them on one day."""

    case: Case
    issuer: Issuer
    day: date
    random: Random
    decks: dict[tuple[str, ...], list[str]] = field(default_factory=dict)  # not yet said

    def citations(self) -> list[str]:
        """Return three or four instruments, the law on local government first."""
        first, *others = phrases.CITATIONS
        pool = [*others, *phrases.CIVIL_CITATIONS]
        return [first, *self.random.sample(pool, self.random.randint(2, 3))]

    def summary(self, kind: str) -> str:
        """Return what a paper of this type is about, without “Về việc”."""
        return self._fill(self.random.choice(phrases.SUMMARIES[kind]))

    def opening(self, verb: str) -> str:
        """Return the sentence that leads into the body."""
        return self._fill(self.random.choice(phrases.OPENINGS), verb=verb)

    def paragraphs(self, *, orders: bool = False) -> Iterator[str]:
        """Yield body paragraphs without end; only orders and remarks when ``orders`` is set."""
        told = [] if orders else [self._statistic, self._person]
        while True:
            kinds = [self._order, self._order, self._remarks, *told]
            self.random.shuffle(kinds)
            for kind in kinds:
                yield kind()

    def task(self) -> str:
        """Return “who does what until when” without a full stop."""
        agent, partner = self.random.sample(phrases.AGENTS, 2)
        together = f" chủ trì, phối hợp với {partner}" if self.random.random() < 0.4 else ""
        task, limit = self._choose(phrases.TASKS), self._choose(phrases.LIMITS)
        return self._fill(f"{_start(agent)}{together} {task} {limit}")

    def recipients(self, first: str, archive: str) -> tuple[str, ...]:
        """Return the list of recipients, the archive last."""
        chosen = self.random.sample(phrases.RECIPIENTS, self.random.randint(2, 3))
        return first, *(self._fill(text) for text in chosen), f"Lưu: VT, {archive}"

    def _order(self) -> str:
        return f"{self.task()}. {self._remark()}."

    def _statistic(self) -> str:
        return f"{self._fill(self._choose(phrases.STATISTICS))}. {self._remark()}."

    def _person(self) -> str:
        return f"{self._fill(self._choose(phrases.PERSONAL))}. {self._remark()}."

    def _remarks(self) -> str:
        return f"{self._remark()}. {self._remark()}."

    def _remark(self) -> str:
        return self._fill(self._choose(phrases.REMARKS))

    def _choose(self, among: tuple[str, ...]) -> str:
        """Draw without putting back, so that a page does not repeat itself."""
        deck = self.decks.setdefault(among, [])
        if not deck:
            deck.extend(self.random.sample(among, len(among)))
        return deck.pop()

    def _fill(self, pattern: str, **more: object) -> str:
        return pattern.format(**self._story(), **self._figures(), **more)

    def _story(self) -> dict[str, object]:
        case, person = self.case, self.case.applicant
        return {
            "unit": case.office.unit,
            "code": case.code,
            "procedure": case.procedure.name.lower(),
            "courtesy": person.courtesy,
            "Courtesy": person.courtesy.capitalize(),
            "applicant": person.name,
            "id": person.personal_id,
            "born": short_date(person.born),
            "address": person.address,
            "received": short_date(case.received),
            "due": short_date(case.due),
            "spoken": self.issuer.spoken,
        }

    def _figures(self) -> dict[str, object]:
        random, day = self.random, self.day
        total = random.randint(420, 9_800)
        rate = random.uniform(0.82, 0.995)
        sample, bad = random.randint(180, 950), random.randint(2, 30)
        deadline = after_working_days(day + timedelta(days=random.randint(5, 60)), 1)
        return {
            "year": day.year,
            "past": day.year - random.randint(2, 9),
            "month": day.month,
            "quarter": ("I", "II", "III", "IV")[(day.month - 1) // 3],
            "deadline": _deadline(deadline, random),
            "days": random.randint(3, 15),
            "total": dotted(total),
            "done": dotted(round(total * rate)),
            "left": dotted(total - round(total * rate)),
            "online": dotted(round(total * random.uniform(0.3, 0.8))),
            "rate": percent(rate),
            "sample": sample,
            "bad": f"{bad:02d}",
            "badrate": percent(bad / sample),
            "metres": random.randint(4, 60),
            "money": dotted(random.randint(35, 480) * 1_000_000),
            "counter": f"{random.randint(1, 9):02d}",
            "share": f"{random.choice((10, 15, 20, 25, 30))}%",
        }


def _deadline(day: date, random: Random) -> str:
    return short_date(day) if random.random() < 0.5 else printed_date(day).removeprefix("ngày ")


def _start(text: str) -> str:
    return text[0].upper() + text[1:]
