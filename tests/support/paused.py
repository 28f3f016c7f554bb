"""Holds a function back in the middle of one request, so that another comes in meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import pytest

LONGEST = 60  # seconds that anything is waited for


@contextmanager
def paused(function: str, request: Callable[[], Any]) -> Iterator[Future[Any]]:
    """Begin a request in a thread; while the block lasts it is in a function that it calls.

    Args:
        function: module and name of the function, as its caller finds it; its first call waits.
        request: sends the request; its answer is in the future once the block ended.
    """
    come, go, first = threading.Event(), threading.Event(), threading.Lock()
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as pool:
        module, name = function.rsplit(".", 1)
        original = getattr(import_module(module), name)

        def waits(*args: Any, **named: Any) -> Any:
            if first.acquire(blocking=False):
                come.set()
                assert go.wait(LONGEST)
            return original(*args, **named)

        patch.setattr(function, waits)
        try:
            answer = pool.submit(request)
            assert come.wait(LONGEST), "the function was never called"
            yield answer
        finally:
            go.set()
