"""A file of scenarios with the figures of its failing expectations recorded anew, proven to pass before it is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from slarules.diagnostics import Edit, has_errors
from slarules.model.contract import Contract
from slarules.resolve.build import resolve
from slarules.scenario.amending import amend
from slarules.scenario.reading import read_all
from slarules.scenario.run import Outcome, run
from slarules.scenario.writing import CannotBeWritten
from slarules.source import Source, Span
from slarules.syntax.parse import parse

DISAGREE = "another expectation rests on the same words, and does not see the same"


@frozen
class Refused:
    """An expectation that is left as it is, and why."""

    span: Span
    """Its line in the file."""
    reason: str


@frozen
class Updated:
    """What recording anew gave."""

    text: str
    """The whole file; as it was where nothing could be recorded."""
    amended: int
    """Expectations that say something else now."""
    refused: tuple[Refused, ...]


def updated(contract: Contract, file: Source, outcomes: Sequence[Outcome]) -> Updated:
    """The file of these outcomes with the figures that are seen; ``file`` holds the policy too, or only scenarios."""
    refused: list[Refused] = []
    blocks: dict[int, list[tuple[Span, tuple[Edit, ...]]]] = {}
    for outcome in outcomes:
        for step in outcome.steps:
            if step.judged is None or step.judged.holds:
                continue
            assert outcome.script.block is not None
            try:
                own = amend(step, outcome.script.zone)
            except CannotBeWritten as reason:
                refused.append(Refused(step.line.span, str(reason)))
            else:
                blocks.setdefault(outcome.script.block.start, []).append((step.line.span, own))
    while blocks:
        unfit = _contrary(blocks) or _unproven(contract, file, outcomes, blocks)
        if not unfit:
            break
        for block in unfit:
            refused += [Refused(span, DISAGREE) for span, _ in blocks.pop(block)]
    edits = [edit for amended in blocks.values() for _, made in amended for edit in made]
    lines = sorted(set(refused), key=lambda one: one.span.start)
    return Updated(_edited(file.text, edits), sum(map(len, blocks.values())), tuple(lines))


def _contrary(blocks: Mapping[int, Sequence[tuple[Span, tuple[Edit, ...]]]]) -> list[int]:
    """Scenarios of which two expectations want other words in one place: rows of a table that differ."""
    found = []
    for block, amended in blocks.items():
        texts: dict[tuple[int, int], str] = {}
        every = [edit for _, own in amended for edit in own]
        if any(texts.setdefault((e.span.start, e.span.end), e.text) != e.text for e in every):
            found.append(block)
    return found


def _unproven(
    contract: Contract,
    file: Source,
    before: Sequence[Outcome],
    blocks: Mapping[int, Sequence[tuple[Span, tuple[Edit, ...]]]],
) -> list[int]:
    """Scenarios that would not pass as far as they should, were they written so; edits move no line."""
    edits = [edit for amended in blocks.values() for _, own in amended for edit in own]
    after = _ran(contract, Source(file.name, _edited(file.text, edits)))
    if after is None or len(after) < len(before):
        return list(blocks)
    found = []
    for outcome in before:
        block = outcome.script.block
        if block is None or block.start not in blocks:
            continue
        lines = {span.start for span, _ in blocks[block.start]}
        others = [o for o in after if o.script.span.line == outcome.script.span.line]
        wanted = [s.judged is None or s.judged.holds or s.line.span.start in lines for s in outcome.steps]
        there = [s.judged is None or s.judged.holds for s in others[0].steps] if others else []
        if len(there) != len(wanted) or any(w and not t for w, t in zip(wanted, there, strict=True)):
            found.append(block.start)
    return list(dict.fromkeys(found))


def _ran(contract: Contract, made: Source) -> list[Outcome] | None:
    """The outcomes of the file as it would be; None where it could not be read any more."""
    tree, problems = parse(made)
    if has_errors(problems):
        return None
    own: Contract | None = contract
    if contract.policy.name == made.name:
        own, problems = resolve(tree, made, contract.text)
    if own is None or has_errors(problems):
        return None
    scripts, wrong = read_all(own, tree.scenarios)
    return None if has_errors(wrong) else [run(own, script) for script in scripts]


def _edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made, each place once; words in a table's cell keep the cell's width where they fit."""
    once = {(edit.span.start, edit.span.end): edit for edit in edits}
    for edit in sorted(once.values(), key=lambda e: e.span.start, reverse=True):
        start, end = edit.span.start, edit.span.end
        new = edit.text
        if text[end:].partition("\n")[0].lstrip().startswith("|"):
            room = len(text[end:]) - len(text[end:].lstrip(" "))
            new = new.ljust(end - start)
            end += min(max(0, len(new) - (end - start)), max(0, room - 1))
        text = text[:start] + new + text[end:]
    return text
