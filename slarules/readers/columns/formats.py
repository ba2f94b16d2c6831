"""Each kind of event file in parts: CSV, JSON lines, Parquet."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import BinaryIO, TypeVar

from slarules.memory import of_the_machine
from slarules.readers.columns.blocks import Buffered
from slarules.readers.columns.csv import ASCII_LIKE, Cut, Dialect, Stretch, stretches
from slarules.readers.columns.listed import Listed
from slarules.readers.columns.mapped import PLAIN_NAMES, PLAIN_TIMES, Mapped
from slarules.readers.columns.parquet import parquet_batches
from slarules.readers.columns.parts import Meaning, Part
from slarules.readers.columns.plain import TIMES, Plain
from slarules.readers.columns.snapshots import Snapshots
from slarules.readers.columns.text import repeats
from slarules.readers.csv import csv_heading
from slarules.readers.files import Unusable
from slarules.readers.mapping import TICKETS, EventMapping
from slarules.readers.parquet import parquet_heading
from slarules.readers.rejects import Rejected
from slarules.readers.rows import Cells

WORKERS = min(4, os.cpu_count() or 1)
"""Parts that are read at the same time."""
AHEAD = 2
"""Parts that are kept ready while whoever asked for the one before is busy with it."""
EARLY = max(AHEAD, min(24, of_the_machine() >> 28))
"""The same of a file whose reading begins before anybody asks for it, which takes half a second: one for each 256 MB of
the machine's memory, as a part may take 32."""
PATIENCE = 2.0
"""Seconds that the part in work is waited for when a reading is ended; parts take much less, and pipes any time."""
A = TypeVar("A")


def in_order(work: Callable[[A], Part], pieces: Iterable[A], workers: int = WORKERS) -> Iterator[Part]:
    """What ``work`` makes of each piece, in their order; a few of them are in work at the same time."""
    if workers == 1:
        yield from map(work, pieces)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[Part]] = deque()
        try:
            for piece in pieces:
                waiting.append(pool.submit(work, piece))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _meaning(mapping: EventMapping | None, heading: tuple[str, ...] = (), strict: bool = False) -> Meaning:
    """What the rows of a file mean."""
    if mapping is None:
        return Plain(heading, strict)
    if mapping.layout == TICKETS:
        return Listed(mapping)
    return Snapshots(mapping) if mapping.by_ticket else Mapped(mapping)


def _single(mapping: EventMapping) -> frozenset[str]:
    """The columns whose cells mostly differ: names of tickets and events, and times."""
    starts = {start for start, _ in mapping.after.values()}
    times = {*mapping.times, *starts} - mapping.after.keys()
    return frozenset(name for key in (*PLAIN_NAMES, *PLAIN_TIMES) for name in mapping.headings(key)) | times


def ahead(parts: Generator[Part], first: int = AHEAD) -> Generator[Part]:
    """The same parts in their order, read from now on while whoever takes them is busy, ``first`` of them at once.

    Closing it ends the reading.
    """
    found = _under_way(parts, first)
    next(found)
    return found


def _under_way(parts: Generator[Part], first: int) -> Generator[Part]:
    """A part that is none, when the reading has begun; then the parts."""
    read: SimpleQueue[Part | BaseException | None] = SimpleQueue()
    room, ended = Semaphore(first), Event()

    def reading() -> None:
        try:
            while room.acquire() and not ended.is_set():
                read.put(next(parts, None))
        except BaseException as wrong:  # told by whoever takes the parts
            read.put(wrong)
        finally:
            parts.close()

    reader = Thread(target=reading, daemon=True)  # nobody waits for it at the end: a pipe may be silent for ever
    reader.start()
    waiting = first
    try:
        yield Part()
        while (part := read.get()) is not None:
            if isinstance(part, BaseException):
                raise part
            waiting -= 1
            while waiting < AHEAD:
                room.release()
                waiting += 1
            yield part
    finally:
        ended.set()
        room.release()
        reader.join(PATIENCE)


def csv_parts(stream: BinaryIO, mapping: EventMapping | None, strict: bool) -> Iterator[Part]:
    """The parts of a CSV file whose heading was found sound. Raises what reading ``stream`` raises."""
    source = Buffered(stream)
    encoding, delimiter = (mapping.read_as, mapping.delimiter) if mapping else ("utf-8", ",")
    if encoding not in ASCII_LIKE or not delimiter.isascii():
        raise Unusable("is read row by row")
    heading = csv_heading(source, encoding, delimiter) or []
    wanted = tuple(mapping.needed if mapping else heading)
    places = tuple(heading.index(name) for name in wanted)
    times = frozenset(TIMES) if mapping is None else frozenset[str]()
    single = frozenset(("id", "subject"))
    if mapping is not None:
        single = _single(mapping)
    dialect = Dialect(len(heading), places, wanted, times, single, encoding, delimiter, mapping is None)
    meaning = _meaning(mapping, wanted, strict)
    yield from in_order(lambda stretch: _csv_part(stretch, dialect, meaning), stretches(source, dialect))


def _csv_part(stretch: Stretch | tuple[Cells | Rejected, ...], dialect: Dialect, meaning: Meaning) -> Part:
    if isinstance(stretch, Stretch):
        return meaning.of_columns(Cut(stretch, dialect)) if len(stretch.found.odd) else Part()
    return meaning.of_rows(stretch)


def json_parts(stream: BinaryIO, mapping: EventMapping | None, strict: bool) -> Iterator[Part]:
    """The parts of a file of JSON lines. Raises what reading ``stream`` raises."""
    from slarules.readers.columns.json import JsonBatch, Scanned
    from slarules.readers.columns.json import stretches as lines
    from slarules.readers.columns.objects import Objects

    if mapping is None:
        yield from in_order(Objects(strict).of_lines, lines(Buffered(stream)))
        return
    meaning, headings = _meaning(mapping), mapping.needed
    texts = _single(mapping)

    def part(looked: Scanned) -> Part:
        return meaning.of_columns(JsonBatch(looked, headings, sorted(texts))) if looked.found.count else Part()

    yield from in_order(part, lines(Buffered(stream)))


def parquet_parts(stream: BinaryIO, mapping: EventMapping | None, strict: bool) -> Iterator[Part]:
    """The parts of a Parquet file. Raises what reading it raises."""
    heading = tuple(mapping.needed if mapping else parquet_heading(stream))
    meaning = _meaning(mapping, heading, strict)
    coded = mapping is None
    batches = parquet_batches(stream, heading, lambda name: coded and (name == "subject" or repeats(name)), coded)
    yield from map(meaning.of_columns, batches)  # decoding takes longer, and uses all cores
