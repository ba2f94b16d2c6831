"""What is fuzzed: each reader of text that anybody may write, with seeds, and with what must hold of its answer.

A reader answers with diagnostics or with what it read. Any exception is a mistake of ours, and so is an answer whose
places lie outside the text, or one that takes longer than a second.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from attrs import frozen

from slarules.cli.excerpt import excerpt
from slarules.diagnostics import Diagnostic, Level
from slarules.loader import decode
from slarules.model.event import Event
from slarules.readers.jsonl import json_events, json_rows
from slarules.readers.rejects import Rejected, Tally
from slarules.repl.commands import COMMANDS
from slarules.source import Source
from slarules.syntax.format import format_policy
from slarules.syntax.parse import keywords, parse
from tests.fuzz.at_the_prompt import entries, read_entry
from tests.generated.policies import Writer

ROOT = Path(__file__).parents[2]
LONGEST = 4000
"""Bytes of an input."""
GENERATED = 150
"""Random policies among the seeds."""


@frozen
class Target:
    """One reader."""

    name: str
    run: Callable[[bytes], None]
    """Reads these bytes; raises where the reader, or its answer, is wrong."""
    seeds: Callable[[], Iterator[bytes]]
    words: Callable[[], list[str]]
    """Words that inputs are made of."""


def _source(data: bytes) -> Source | None:
    return decode("input.sla", data)[0]


def _sound(found: Iterable[Diagnostic]) -> None:
    """Diagnostics that can be shown: each with its place in the text and its words on one line."""
    for one in found:
        assert 0 <= one.span.start <= one.span.end <= len(one.span.source.text), one
        assert one.message and "\n" not in one.message, one
        assert (ROOT / "docs" / "diagnostics" / f"{one.code}.md").exists(), one
        excerpt(one, 80)


def parser(data: bytes) -> None:
    """A policy's text to its tree."""
    source = _source(data)
    if source is None:
        return
    tree, found = parse(source)
    _sound(found)
    for block in ((tree.contract,) if tree.contract else ()) + tree.items:
        for node in block.walk():
            assert 0 <= node.span.start <= node.span.end <= len(source.text), node


def formatter(data: bytes) -> None:
    """A policy's text to the one style: never refused where its spelling is right."""
    source = _source(data)
    if source is None:
        return
    width = 40 + len(data) % 81
    made = format_policy(source, width)
    _sound(made.diagnostics)
    spelt = not any(d.level is Level.ERROR for d in parse(source)[1])
    assert (made.text is not None) == spelt, made.diagnostics
    if made.text is not None:
        assert "".join(made.text.split()) == "".join(source.text.replace("\ufeff", "").split())


def prompt(data: bytes) -> None:
    """An entry at the prompt to a command, its colours and what may come next."""
    _sound(read_entry(data.decode("utf-8", "surrogateescape")))


def events(data: bytes) -> None:
    """JSON lines to events."""
    for entry in json_events(io.BytesIO(data), Tally()):
        assert isinstance(entry, Event | Rejected)
    for row in json_rows(io.BytesIO(data), ("id", "subject", "at", "a.b"), Tally()):
        assert isinstance(row, tuple | Rejected)


# ---- Seeds and words -----------------------------------------------------------------------------------------


def policies() -> Iterator[bytes]:
    """Blocks of the policies of this repository, the bad ones whole, and random ones."""
    for path in sorted(ROOT.glob("tests/corpus/bad/*.sla")):
        yield path.read_bytes()[:LONGEST]
    for pattern in ("contracts/*/*.sla", "tests/rules/**/*.sla", "tests/corpus/good/*.sla"):
        for path in sorted(ROOT.glob(pattern)):
            yield from _blocks(path.read_text("utf-8"))
    for one in Writer(1).files(GENERATED):
        yield one.text.encode()[:LONGEST]


def _blocks(text: str) -> Iterator[bytes]:
    """Each fifth paragraph with the one after it, as a file by itself."""
    paragraphs = text.split("\n\n")
    for n in range(1, len(paragraphs), 5):
        body = "\n\n".join(paragraphs[n : n + 2])
        head = "slarules 1\n\n" if body.startswith("contract") else "slarules 1\n\ncontract C\n  provider P\n\n"
        under = 'clause "c"\n\n' if body.startswith("  ") else ""
        yield f"{head}{under}{body}\n".encode()[:LONGEST]


def logs() -> Iterator[bytes]:
    """Lines of the example log, alone and as CloudEvents."""
    lines = (ROOT / "examples" / "trak" / "events.jsonl").read_bytes().splitlines(keepends=True)
    yield from (b"".join(lines[n : n + 3]) for n in range(0, 600, 20))
    yield b'{"specversion": "1.0", "id": "1", "source": "s", "type": "a.opened", "subject": "T1", "time": ' \
          b'"2026-03-02T09:00:00Z", "data": {"facts": {"severity": "1"}, "actor": "customer"}}\n'
    yield b'{"id": 1, "subject": "T", "type": "recorded", "at": 1.5e3, ' \
          b'"facts": {"a": [1, null, true, {"b": "\\ud800"}]}}\n'


def policy_words() -> list[str]:
    """The keywords, and what stands between them."""
    signs = [">", "--", "|", "\n  ", "\n", '"', "“", "”", "(", ")", ",", ":", "(a)", "#1", "%", "or 2", "\t", "\u00a0"]
    values = ["2026-03-02", "08:00", "9:30", "1", "1.5", "US", "USD", "UTC", "America/Denver", "T1", "name", "hours"]
    return [*keywords(), *signs, *values]


def prompt_words() -> list[str]:
    """The commands, the names of the case, and the words of a policy."""
    names = ["T1", "Customer", "Trak", "confirm", "resolution", "ack", "elapsed", "BusinessHours", "main"]
    signs = ["T1.confirm", " = ", "at ", "what if ", "without ", "counted in ", "channel email", "expect "]
    return [*(form.name for form in COMMANDS if form.name), *names, *signs, *policy_words()]


def log_words() -> list[str]:
    """The fields of an event."""
    names = ["id", "source", "subject", "type", "at", "actor", "agreement", "kind", "target", "recorded_at", "sequence",
             "facts", "specversion", "time", "data", "data_base64", "recordedtime"]
    values = ["null", "true", "1e999", "-0", "NaN", "\\u0000", "\\ud83d", "2026-03-02T09:00:00+01:00", "[", "{", "}\n"]
    return [f'"{name}": ' for name in names] + values


TARGETS = {
    target.name: target
    for target in (
        Target("parser", parser, policies, policy_words),
        Target("formatter", formatter, policies, policy_words),
        Target("prompt", prompt, entries, prompt_words),
        Target("events", events, logs, log_words),
    )
}
