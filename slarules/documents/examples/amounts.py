"""Amounts: what the contract's words compute, in words and worked out line by line with example figures."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from slarules.analysis.stories import raw
from slarules.calendars import zones
from slarules.documents.blocks import Block, Cell, Grid, Link, Paragraph, Run, Section, cells, plain
from slarules.documents.examples.figures import figures
from slarules.documents.examples.worked import anchor as example_of
from slarules.documents.summary.register import slug
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.agreements.lives import agreement_of
from slarules.engine.amount import worked_out
from slarules.engine.expression import Scene
from slarules.engine.folding import folded
from slarules.engine.history import settle
from slarules.engine.reasons.sums import shown, steps
from slarules.model.contract import Contract, Terms
from slarules.model.event import Event
from slarules.model.expression import FactRef
from slarules.model.rules import Amount
from slarules.model.value import Plain, Unknown
from slarules.model.walk import inside
from slarules.proposing.playing import first_monday
from slarules.proposing.setting import AGREEMENT
from slarules.wording.grammar import capital, definite, listed, words
from slarules.wording.rules import sentences

ANCHOR = "amounts"
PAYMENTS = ("pay", "invoice")
"""Acts of duties whose deadline belongs beside the amounts."""


def section(contract: Contract) -> Section | None:
    """A part for each amount and each computed date; None where the contract computes none."""
    adopted = adopt(contract, None, None)[-1]
    terms = adopted.terms
    if not terms.amounts:
        return None
    taken = figures(terms, first_monday(contract, len(contract.versions) - 1))
    scene = _scene(contract, adopted, taken)
    blocks = (
        Paragraph(plain(
            "What the contract's words compute, each worked out with the same example figures. It is reckoned as where "
            "an agreement is judged: exact to the last digit, and rounded only where the policy says so."
        ), "lead"),
        *_taken(taken, terms),
        *_payments(adopted),
    )  # fmt: skip
    rules = sorted(terms.amounts.values(), key=lambda rule: rule.citation.rule.start)
    parts = tuple(
        Section(capital(words(rule.name)), f"amount-{slug(rule.name)}", tuple(_amount(rule, scene, adopted, contract)))
        for rule in rules
    )
    return Section("Amounts", ANCHOR, blocks, parts)


def _scene(contract: Contract, adopted: Adopted, taken: dict[str, Plain]) -> Scene:
    """An agreement of which these facts were recorded."""
    at = zones.day_start(first_monday(contract, len(contract.versions) - 1), adopted.zone or "UTC")
    facts = {name: raw(one) for name, one in taken.items()}
    event = Event(f"{AGREEMENT}-figures", AGREEMENT, "started", at, None, facts, kind="agreement")
    told = settle(contract, [adopted.terms], [event], at)
    return agreement_of([adopted], told.subjects[AGREEMENT], (), at)


def _taken(taken: dict[str, Plain], terms: Terms) -> Iterator[Block]:
    if taken:
        rows = tuple(
            (Cell(plain(words(name))), Cell(plain(terms.facts[name].title or "")), Cell(plain(shown(one)), right=True))
            for name, one in taken.items()
        )
        yield Grid("The figures that the examples take", _heads("Figure", "What it is", "Taken as"), rows, (3, 5, 3))


def _heads(first: str, second: str, last: str) -> tuple[Cell, ...]:
    """Heads of three columns, the last of figures."""
    return (*cells(first, second), Cell(plain(last), right=True))


def _payments(adopted: Adopted) -> Iterator[Paragraph]:
    """Where to find by when an amount is to be paid or invoiced."""
    found = [duty for duty in adopted.terms.duties.values() if duty.act in PAYMENTS]
    if found:
        links: list[Run | Link] = [Run("By when it is to be invoiced and paid is worked out in the examples: ")]
        for n, duty in enumerate(found):
            links += [Run(", ")] if n else []
            links.append(Link(words(duty.name), example_of(duty.name)))
        yield Paragraph((*links, Run(".")))


def _amount(rule: Amount, scene: Scene, adopted: Adopted, contract: Contract) -> Iterator[Block]:
    rule = _as_read_here(rule)
    yield Paragraph(plain(" ".join(sentences(rule, adopted.terms, contract))))
    within, before, result = worked_out(scene, rule.name)
    if isinstance(result, Unknown):
        wanted = listed(words(one) for one in sorted(result.missing))
        yield Paragraph(plain(f"It cannot be worked out from recorded figures alone: it hangs on {wanted}."))
        return
    found = steps(rule, within, before, result, words, lambda _: "as taken above")
    rows = tuple((Cell(plain(s.what)), Cell(plain(s.how)), Cell(plain(s.value), right=True)) for s in found)
    yield Grid(f"{capital(definite(words(rule.name)))}, worked out", _heads("Step", "How", "Comes to"), rows, (4, 6, 3))


def _as_read_here(rule: Amount) -> Amount:
    """An amount that readings have decided, without the lines that they leave out, and the parts that those named."""
    left: Amount = folded(rule)
    while True:
        used = {part.name for part in inside((left.value, left.parts)) if isinstance(part, FactRef)}
        parts = tuple(one for one in left.parts if one[0] in used)
        if len(parts) == len(left.parts) or left == rule:
            return left
        left = evolve(left, parts=parts)
