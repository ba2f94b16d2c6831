"""Advice as a document: for each duty what was promised, what it reached, and what the past would have kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slarules.advice import words
from slarules.advice.cases import ALWAYS
from slarules.advice.targets import METHOD, SHARE_METHOD, Advice, Line, Step, Target
from slarules.documents.blocks import (
    STRONG,
    Block,
    Cell,
    Definitions,
    Document,
    Figure,
    Grid,
    Item,
    Listing,
    Paragraph,
    Run,
    Section,
    Words,
    plain,
)
from slarules.documents.moments import moment
from slarules.engine.adopt import adopt
from slarules.model.contract import Contract
from slarules.model.value import MINUTE, SECOND
from slarules.pictures import curve
from slarules.wording.grammar import capital, listed
from slarules.wording.grammar import words as named

LINES = 4
"""Severities drawn in one picture, the gravest first."""
POINTS = 150
"""Points of a line that are drawn; of more, as many evenly chosen, the last among them."""

TIMED = (
    "As the contract times it: from what sets the duty off, with its pauses and changes of severity; only the limit is "
    "left out. A case not done yet, or ended before it was done, counts for as long as it waited."
)
CARE = (
    "The past is not the future: who promises less time will often take less, and the cases of a target that is met "
    "with ease tell little of a tighter one. Where an interval has no upper end the cases are too few."
)


def document(contract: Contract, advice: Advice) -> Document:
    """The advice as a document."""
    title = contract.title or contract.name
    duties = list(dict.fromkeys(line.duty for line in advice.lines))
    sections = [
        _duty(contract, advice, duty, [one for one in advice.lines if one.duty == duty], str(number))
        for number, duty in enumerate(duties, 1)
    ]
    left = tuple(_left_out(advice))
    if left:
        sections.append(Section("What is not advised", "not-advised", left, number=str(len(sections) + 1)))
    return Document(
        title, "Targets that the past would have kept", f"{title}: advice on targets", tuple(_front(contract, advice)),
        tuple(sections),
    )


def _front(contract: Contract, advice: Advice) -> Iterator[Block]:
    share, sure = words.percent(advice.share), words.percent(advice.confidence)
    zone = adopt(contract, None, None)[-1].zone or "UTC"
    lead = f"For each duty and severity: the tightest target that {share} of past cases would have kept."
    yield Paragraph(plain(lead), "lead")
    told: tuple[tuple[str, str], ...] = (
        ("As of", f"{moment(advice.as_of, zone)} ({zone})"),
        ("How a case is timed", TIMED),
        ("Targets", f"Rounded up to a whole minute. Intervals of {sure}: {METHOD}."),
        ("Shares", f"Of the cases that are decided. Intervals of {sure}: {SHARE_METHOD}."),
        ("Take care", CARE),
    )
    entries: list[tuple[Words, tuple[Words, ...]]] = [(plain(term), (plain(says),)) for term, says in told]
    yield Definitions(tuple(entries))


def _duty(contract: Contract, advice: Advice, duty: str, lines: Sequence[Line], number: str) -> Section:
    share = words.percent(advice.share)
    heads = ("severity", "promised", "kept of decided", "counted in", "cases", f"kept by {share}", "interval")
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        for place, target in enumerate(line.targets):
            told = (words.level(line), words.promised(line.present), words.reached(line.present))
            shown = told if place == 0 else ("", "", "")
            counting = (words.calendar(target.cases.calendar), words.number(target))
            rows.append((
                *(Cell(plain(text)) for text in (*shown, *counting)),
                Cell((Run(words.tightest(target), STRONG),)),
                Cell(plain(words.interval(target))),
            ))
    blocks: list[Block] = [
        Grid(f"{_title(duty)}: promised and kept, and what {share} of the past would have kept",
             tuple(Cell(plain(head)) for head in heads), tuple(rows), row_heads=False)
    ]
    for calendar in dict.fromkeys(target.cases.calendar for line in lines for target in line.targets):
        figure = _figure(advice, duty, calendar, lines)
        if figure is not None:
            blocks.append(figure)
    left = [f"severity {words.level(line)}: {said}" for line in lines if line.targets
            and (said := words.left_out(line.targets[0]))]
    if left:
        blocks.append(Paragraph(plain(f"Left out, for no length can be told of them: {'; '.join(left)}."), "note"))
    return Section(_title(duty), f"duty-{duty.replace('_', '-')}", tuple(blocks), number=number)


def _title(duty: str) -> str:
    said = named(duty)
    return capital(said)


def _figure(advice: Advice, duty: str, calendar: str, lines: Sequence[Line]) -> Figure | None:
    """The share kept against the target, counted on one calendar; None where no case is done."""
    drawn, marks = [], []
    some = [(line, target) for line in lines for target in line.targets if target.cases.calendar == calendar]
    for line, target in [one for one in some if one[1].curve][:LINES]:
        level = f"severity {line.severity}" if line.severity is not None else "no severity"
        drawn.append(_line(target, level, band=len(some) == 1))
        promised = line.present
        if promised.allowed and (promised.calendar or ALWAYS) == calendar:
            label = f"{words.time(promised.allowed)}, {level}"
            marks.append(curve.Target(promised.allowed / MINUTE, label, _share(target, promised.allowed)))
    if not drawn:
        return None
    counting = words.calendar(calendar)
    picture = curve.curve(
        f"{_title(duty)}: share kept against target, counted {'' if calendar == ALWAYS else 'in '}{counting}",
        drawn, marks, asked=float(advice.share), days=calendar == ALWAYS,
    )
    more = sum(bool(target.curve) for _, target in some) - len(drawn)
    left = f"; lines not drawn: {more}" if more > 0 else ""
    basis = "around the clock" if calendar == ALWAYS else f"in {counting}"
    caption = f"Share of cases kept with each target, counted {basis}; targets as promised are marked{left}"
    return Figure(picture, caption)


def _line(target: Target, label: str, band: bool) -> curve.Line:
    steps = _thinned(target.curve)
    return curve.Line(
        label,
        tuple((_minutes(step.within), step.share) for step in steps),
        tuple((_minutes(step.within), step.low, step.high) for step in steps) if band else (),
    )


def _thinned(steps: Sequence[Step]) -> list[Step]:
    every = -(-len(steps) // POINTS)
    return [step for place, step in enumerate(steps, 1) if place % every == 0 or place == len(steps)]


def _minutes(micros: int) -> float:
    """Minutes for an axis that has no zero: at least a second."""
    return max(micros, SECOND) / MINUTE


def _share(target: Target, within: int) -> float:
    """The share that a target reaches, by the curve."""
    return max((step.share for step in target.curve if step.within <= within), default=0.0)


def _left_out(advice: Advice) -> Iterator[Block]:
    items = []
    for why in dict.fromkeys(one.why for one in advice.unfit):
        names = listed(named(one.duty) for one in advice.unfit if one.why == why)
        items.append(Item(plain(f"{names}: {why}")))
    if advice.without_cases:
        items.append(Item(plain(f"{listed(named(duty) for duty in advice.without_cases)}: never arose in this log")))
    if items:
        yield Listing(tuple(items))
