"""Each kind of event file in parts: CSV, JSON lines, Parquet."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, TypeVar

from slarules.readers.columns.blocks import Buffered
from slarules.readers.columns.csv import Cut, Dialect, Stretch, cut, stretches
from slarules.readers.columns.mapped import PLAIN_NAMES, PLAIN_TIMES, Mapped
from slarules.readers.columns.parquet import parquet_batches, repeats
from slarules.readers.columns.parts import Meaning, Part, merged
from slarules.readers.columns.plain import Plain
from slarules.readers.csv import csv_heading
from slarules.readers.mapping import EventMapping
from slarules.readers.parquet import parquet_heading

WORKERS = min(4, os.cpu_count() or 1)
"""Parts that are read at the same time."""
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


def csv_parts(stream: BinaryIO, mapping: EventMapping | None, strict: bool) -> Iterator[Part]:
    """The parts of a CSV file whose heading was found sound. Raises what reading ``stream`` raises."""
    source = Buffered(stream)
    encoding, delimiter = (mapping.encoding, mapping.delimiter) if mapping else ("utf-8", ",")
    heading = csv_heading(source, encoding, delimiter) or []
    wanted = tuple(mapping.needed if mapping else heading)
    places = tuple(heading.index(name) for name in wanted)
    coded = frozenset(place for name, place in zip(wanted, places, strict=True) if mapping is None and repeats(name))
    dialect = Dialect(len(heading), places, wanted, coded, encoding, delimiter, mapping is None)
    meaning = Mapped(mapping) if mapping else Plain(wanted, strict)
    yield from in_order(lambda stretch: _csv_part(stretch, dialect, meaning), stretches(source, dialect))


def _csv_part(stretch: Stretch, dialect: Dialect, meaning: Meaning) -> Part:
    pieces = cut(stretch, dialect)
    return merged([meaning.of_columns(piece) if isinstance(piece, Cut) else meaning.of_rows(piece) for piece in pieces])


def json_parts(stream: BinaryIO, mapping: EventMapping | None, strict: bool) -> Iterator[Part]:
    """The parts of a file of JSON lines. Raises what reading ``stream`` raises."""
    from slarules.readers.columns.json import JsonBatch, Lines, scanned
    from slarules.readers.columns.json import stretches as lines
    from slarules.readers.columns.objects import Objects

    if mapping is None:
        yield from in_order(Objects(strict).of_lines, lines(Buffered(stream)))
        return
    meaning, headings = Mapped(mapping), mapping.needed
    texts = {mapping.columns[key] for key in (*PLAIN_NAMES, *PLAIN_TIMES) if key in mapping.columns}

    def part(stretch: Lines) -> Part:
        found = scanned(stretch)
        return meaning.of_columns(JsonBatch(found, headings, sorted(texts))) if found.count else Part()

    yield from in_order(part, lines(Buffered(stream)))


def parquet_parts(stream: BinaryIO, mapping: EventMapping | None, strict: bool) -> Iterator[Part]:
    """The parts of a Parquet file. Raises what reading it raises."""
    heading = tuple(mapping.needed if mapping else parquet_heading(stream))
    meaning = Mapped(mapping) if mapping else Plain(heading, strict)
    batches = parquet_batches(stream, heading, repeats if mapping is None else (lambda _: False), mapping is None)
    yield from in_order(meaning.of_columns, batches)
