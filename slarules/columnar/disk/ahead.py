"""Work done in a thread beside: what comes next is made while what is there is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
_END: Any = object()


def ahead(items: Iterable[T]) -> Iterator[T]:
    """The same items; while one is used the next is made. What making it raises comes in its place."""
    coming = iter(items)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(next, coming, _END)
        while (found := waiting.result()) is not _END:
            waiting = pool.submit(next, coming, _END)
            yield found
            del found


@contextmanager
def behind() -> Iterator[Callable[..., None]]:
    """Calls done beside, in turn, one at a time: the next is taken when the last is through.

    What one raises comes with the next, or at the end.
    """
    with ThreadPoolExecutor(1) as pool:
        last: list[Future[Any]] = []

        def call(work: Callable[..., Any], *given: Any) -> None:
            for one in last:
                one.result()
            last[:] = [pool.submit(work, *given)]

        yield call
        for one in last:
            one.result()
