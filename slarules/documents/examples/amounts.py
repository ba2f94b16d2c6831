"""Amounts: what the contract's words compute, in words and worked out line by line with example figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from attrs import frozen

from slarules.calendars import zones
from slarules.documents.blocks import Block, Cell, Grid, Link, Paragraph, Run, Section, cells, plain
from slarules.documents.examples.figures import figures
from slarules.documents.examples.worked import anchor as example_of
from slarules.documents.summary.register import slug
from slarules.engine.adopt import Adopted, adopt
from slarules.engine.agreements.lives import agreement_of
from slarules.engine.amount import worked_out
from slarules.engine.expression import Scene, reckon
from slarules.engine.history import settle
from slarules.model.contract import Contract, Terms
from slarules.model.event import Event
from slarules.model.expression import AmountRef, Arithmetic, Between, Expression, FactRef, NextAnniversary, Shifted
from slarules.model.rules import Amount
from slarules.model.value import Civil, Money, Plain, Unknown, Value
from slarules.model.walk import inside
from slarules.proposing.deeds import raw
from slarules.proposing.playing import first_monday
from slarules.proposing.setting import AGREEMENT
from slarules.wording.grammar import listed, words
from slarules.wording.rules import sentences
from slarules.wording.values import day, length, number
from slarules.wording.values import plain as known_words

ANCHOR = "amounts"
PAYMENTS = ("pay", "invoice")
"""Acts of duties whose deadline belongs beside the amounts."""
DIGITS = 6
"""Decimal places that are shown of a value before it is rounded."""
_SIGNS = {"plus": "+", "minus": "−", "times": "×", "divided": "÷"}
_ROUNDED = {"half_up": "halves up", "half_even": "halves to the even one"}


@frozen
class Step:
    """One line of a reckoning."""

    what: str
    """What is reckoned."""
    how: str
    """From what; empty: it is taken."""
    value: str
    """What it comes to."""


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
        Section(_capital(words(rule.name)), f"amount-{slug(rule.name)}", tuple(_amount(rule, scene, adopted, contract)))
        for rule in rules
    )
    return Section("Amounts", ANCHOR, blocks, parts)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


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
            (Cell(plain(words(name))), Cell(plain(terms.facts[name].title or "")), Cell(plain(_shown(one)), right=True))
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
    yield Paragraph(plain(" ".join(sentences(rule, adopted.terms, contract))))
    within, before, result = worked_out(scene, rule.name)
    if isinstance(result, Unknown):
        wanted = listed(words(one) for one in sorted(result.missing))
        yield Paragraph(plain(f"It cannot be worked out from recorded figures alone: it hangs on {wanted}."))
        return
    steps = tuple(_steps(rule, within, before, result))
    rows = tuple((Cell(plain(s.what)), Cell(plain(s.how)), Cell(plain(s.value), right=True)) for s in steps)
    yield Grid(f"The {words(rule.name)}, worked out", _heads("Step", "How", "Comes to"), rows, (4, 6, 3))


def _steps(rule: Amount, scene: Scene, before: Value, result: Value) -> Iterator[Step]:
    """What is taken, what is counted, each part, the result before and after rounding."""
    parts = dict(rule.parts)
    for part in dict.fromkeys(p for p in inside((rule.parts, rule.value)) if isinstance(p, (FactRef, AmountRef))):
        if isinstance(part, AmountRef):
            yield Step(words(part.name), "worked out under its own name", _shown(scene.amount_now(part.name)))
        elif part.name not in parts:
            yield Step(words(part.name), "as taken above", _shown(scene.fact(part.name)))
    for name, expression in rule.parts:
        yield from _counts(expression, scene)
        yield Step(words(name), _formula(expression, scene), _shown(reckon(expression)(scene)))
    yield from _counts(rule.value, scene)
    if rule.rounding is None:
        yield Step(f"the {words(rule.name)}", _formula(rule.value, scene), _shown(result))
        return
    unit, how = rule.rounding
    yield Step("before rounding", _formula(rule.value, scene), _shown(before))
    yield Step(f"the {words(rule.name)}", f"rounded to {unit}, {_ROUNDED.get(how, words(how))}", _shown(result))


def _counts(expression: Expression, scene: Scene) -> Iterator[Step]:
    """Days or months counted inside a larger value, each on a line of its own."""
    for part in inside(expression):
        if isinstance(part, Between) and part is not expression:
            yield Step(f"{part.unit} counted", _between(part, scene), _shown(reckon(part)(scene)))


def _between(part: Between, scene: Scene) -> str:
    start, end = reckon(part.start)(scene), reckon(part.end)(scene)
    return f"from {_shown(start)} to {_shown(end)}, the first of them left out" if part.unit == "days" else \
           f"whole months from {_shown(start)} to {_shown(end)}"


def _formula(expression: Expression, scene: Scene) -> str:
    """The value with figures in it: `12,000.00 USD × 90 ÷ 365`."""
    match expression:
        case Arithmetic("lesser" | "greater" as op, left, right):
            return f"the {op} of {_figure(left, scene)} and {_figure(right, scene)}"
        case Arithmetic(op, left, right):
            first, second = _figure(left, scene), _figure(right, scene)
            if isinstance(left, Arithmetic) and left.op in ("plus", "minus") and op in ("times", "divided"):
                first = f"({first})"
            if isinstance(right, Arithmetic) and (right.op in ("plus", "minus") or op in ("minus", "divided")):
                second = f"({second})"
            return f"{first} {_SIGNS[op]} {second}"
        case Between():
            return _between(expression, scene)
        case Shifted(base, Civil() as by, sign):
            return f"{length(by)} {'after' if sign > 0 else 'before'} {_figure(base, scene)}"
        case NextAnniversary(of, after):
            return f"the next anniversary of {_figure(of, scene)} that is after {_figure(after, scene)}"
    return _shown(reckon(expression)(scene))


def _figure(expression: Expression, scene: Scene) -> str:
    """A value inside another: a computed one in full, all else as what it comes to."""
    return _formula(expression, scene) if isinstance(expression, Arithmetic) else _shown(reckon(expression)(scene))


def _shown(given: Value) -> str:
    """A value as a reader writes it: money with its thousands apart, long fractions cut."""
    match given:
        case Money(amount, currency):
            return f"{_number(_to_the_cent(amount))} {currency}"
        case Decimal():
            return _number(given)
        case Unknown():
            return "not known"
        case date():
            return day(given)
    return known_words(given)


def _to_the_cent(amount: Decimal) -> Decimal:
    """The amount without zeros at its end that say nothing; two places at least."""
    cents = amount.quantize(Decimal("0.01")) if abs(amount) < Decimal(10) ** 20 else amount
    return cents if cents == amount else amount.normalize()


def _number(given: Decimal) -> str:
    cut = given.quantize(Decimal(1).scaleb(-DIGITS)) if int(given.as_tuple().exponent) < -DIGITS else given
    whole, _, fraction = number(cut).partition(".")
    shown = f"{int(whole):,}" + (f".{fraction}" if fraction else "")
    return f"{shown} …" if cut != given else shown
