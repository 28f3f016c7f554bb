"""What a sign-in costs, how many a second are refused early, and what a request pays for a session.

    .venv/bin/python -m bench.sign_in [--url postgresql://…]

Milliseconds of this thread's processor time, so that other work on the machine counts little; what
waits for the database is given on the clock beside it. Without --url the database is SQLite.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from accounts import open_accounts
from accounts.passwords import Passwords
from pipeline.model import NewAccount, PersonRole, Right, TokenRequest, Visitor
from pipeline.people.errors import AccountError
from pipeline.ports import Accounts
from pipeline.settings import AccountSettings

PASSWORD = "bốn từ không liên quan"
OWNER = Visitor("192.0.2.10", "bench")
FLOOD, THREADS = 5_000, 40  # of threads a web server has as many


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    url = parser.parse_args().url
    settings = AccountSettings(url=SecretStr(url))
    hashing(settings)
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as made:
        accounts = open_accounts(settings, Path(made))
        try:
            requests(accounts)
            floods(accounts)
        finally:
            accounts.close()


def hashing(settings: AccountSettings) -> None:
    """Measure one hash, and the memory of a process that makes two at a time."""
    passwords = Passwords(settings)
    kept = passwords.hash(PASSWORD)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report("argon2id, one password", lambda: passwords.matches(kept, PASSWORD), 20)
    one = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    both = [threading.Thread(target=passwords.matches, args=(kept, PASSWORD)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    two = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost = f"m={settings.hash_memory_mib} MiB, t={settings.hash_passes}, p=1"
    print(f"{cost}: process {before // 1024} MB, one hash {one // 1024}, two {two // 1024}")


def requests(accounts: Accounts) -> None:
    """Measure a whole sign-in, and what each later request and API call pays."""
    new = NewAccount("an", frozenset({PersonRole.READER}))
    accounts.people.add(new, PASSWORD, must_change=False)
    begun = accounts.sign_ins.sign_in("an", PASSWORD, OWNER)
    known = Visitor(OWNER.address, device=begun.device)
    report("sign-in, all of it", lambda: accounts.sign_ins.sign_in("an", PASSWORD, known), 10)
    report("sign-in, wrong password", lambda: wrong(accounts, Visitor("203.0.113.5")), 4)
    attacker = Visitor("198.51.100.2")
    for _ in range(25):
        wrong(accounts, attacker)
    report("refused early", lambda: wrong(accounts, attacker), 2000)
    report("session of a request", lambda: accounts.sessions.find(begun.secret), 500)
    _, text = accounts.tokens.make("an", TokenRequest(frozenset({Right.SEARCH})))
    report("token of an API call", lambda: accounts.tokens.find(text), 500)


def wrong(accounts: Accounts, visitor: Visitor) -> None:
    """Give a wrong password."""
    with suppress(AccountError):
        accounts.sign_ins.sign_in("an", "wrong password", visitor)


def floods(accounts: Accounts) -> None:
    """Measure how many are turned away a second: from one address, and from everywhere at once."""
    one = [Visitor("198.51.100.1")] * FLOOD
    flood(accounts, "from one address, the first", one[:40])
    flood(accounts, "from one address, then", one)
    everywhere = [Visitor(f"10.1.{number >> 8}.{number & 255}") for number in range(FLOOD)]
    flood(accounts, "from everywhere", everywhere)


def flood(accounts: Accounts, what: str, visitors: list[Visitor]) -> None:
    """Give wrong passwords from several threads, and count the answers.

    Args:
        accounts: where to.
        what: the line's name.
        visitors: who gives them, one each.
    """
    answers: Counter[str] = Counter()
    left = iter(enumerate(visitors))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                number, visitor = next(left, (-1, OWNER))
            if number < 0:
                return
            try:
                accounts.sign_ins.sign_in(f"name{number}", "wrong password", visitor)
            except AccountError as error:
                with lock:
                    answers[type(error).__name__] += 1

    begun, spent = time.monotonic(), time.process_time()
    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, used = time.monotonic() - begun, time.process_time() - spent
    told = ", ".join(f"{name} {count}" for name, count in answers.most_common())
    print(f"{what}: {len(visitors)} in {took:.2f} s ({len(visitors) / took:,.0f}/s), ", end="")
    print(f"processor {used:.2f} s; {told}")


def report(what: str, do: Callable[[], object], times: int) -> None:
    """Print the median of processor time and of the clock, milliseconds.

    Args:
        what: the line's name.
        do: what is measured.
        times: how often.
    """
    spent, took = [], []
    for _ in range(times):
        clock, processor = time.perf_counter(), time.thread_time()
        do()
        spent.append((time.thread_time() - processor) * 1000)
        took.append((time.perf_counter() - clock) * 1000)
    least, median = min(spent), statistics.median(spent)
    clock_median = statistics.median(took)
    print(f"{what}: processor {median:.2f} ms (least {least:.2f}), clock {clock_median:.2f} ms")


if __name__ == "__main__":
    main()
