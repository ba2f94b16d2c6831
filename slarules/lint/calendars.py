"""Zones by names that mislead, midnights that clocks skip or show twice, and lists of holidays that end too soon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from slarules.calendars.aliases import is_fixed, name_of_today, release_year
from slarules.calendars.zones import DAY, EPOCH, LAST_YEAR, ClockChange, gaps_and_folds
from slarules.diagnostics import Edit, Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.model.calendar import ListedHolidays
from slarules.model.contract import Contract, Terms
from slarules.model.limit import BeforeTermEnds, ByEndOf, OnEach, Within
from slarules.model.rules import Duty
from slarules.model.value import AsRead, Civil
from slarules.model.walk import inside

AHEAD = 10
"""Years looked at where a contract states no last date."""


def old_name(examined: Examined) -> Iterator[Found]:
    """``zone US/Mountain``: a name that is kept for old files only."""
    blocks = (*((examined.tree.contract,) if examined.tree.contract else ()), *examined.tree.items)
    for block in blocks:
        for part in block.walk():
            today = name_of_today(part.text) if part.kind == "ZONE" and block.kind != "scenario" else None
            if today is not None:
                yield Found(
                    part.span, f"`{part.text}` is an old name of `{today}`, kept for old files only",
                    f"write `zone {today}`: the clocks are the same", edit=Edit(part.span, today),
                )


def fixed_offset(examined: Examined) -> Iterator[Found]:
    """``zone UTC-07:00`` without a reading: clocks that never change, where people's do."""
    lines = [line for block, _ in examined.rules("calendar") for line in block.all("zone_line")]
    if examined.tree.contract is not None:
        lines += examined.tree.contract.all("zone_line")
    for line in lines:
        for part in line.walk():
            if part.kind == "ZONE" and is_fixed(part.text):
                yield Found(
                    part.span, f"`{part.text}` never follows a change of clocks, and no reading says that it is meant",
                    "name a city, as `America/Denver`; or let a reading decide: `zone as read in …`",
                )


def midnight(examined: Examined) -> Iterator[Found]:
    """A limit in dates where clocks skip midnight or show it twice: the deadline is not where it seems."""
    contract, block = examined.contract, examined.tree.contract
    zone = _zone(contract) if contract is not None else None
    line = block.first("zone_line") if block is not None else None
    if contract is None or zone is None or line is None:
        return
    duty = next((one for terms in contract.versions for one in terms.duties.values() if _ends_at_midnight(one)), None)
    change = _of_midnight(zone, contract) if duty is not None else None
    if change is None or duty is None:
        return
    day = _date_of(change)
    said = "do not show at all" if change.kind == "gap" else "show twice"
    yield Found(
        line.span,
        f"`{duty.name}` may be due at a midnight that clocks in {zone} {said}, as on {day}",
        "say a clock time of a calendar instead: `by the close of …`; or count hours, or open days",
        related=((examined.name_at(duty.citation.rule), "counted in dates, so due at midnight"),),
    )


def _zone(contract: Contract) -> str | None:
    """The contract's own zone, as adopted."""
    if isinstance(contract.zone, AsRead):
        return str(contract.zone.options.get(contract.readings[contract.zone.reading].adopted))
    return contract.zone


def _of_midnight(zone: str, contract: Contract) -> ClockChange | None:
    """The first change of clocks over a midnight while the contract is in force."""
    since, after = contract.in_force
    first = since.year if since is not None else release_year()
    last = (after - timedelta(days=1)).year if after is not None else min(first + AHEAD, LAST_YEAR)
    for change in gaps_and_folds(zone, first, last):
        if -(-change.start // DAY) * DAY < change.end:
            return change
    return None


def _date_of(change: ClockChange) -> str:
    return f"{(EPOCH + timedelta(microseconds=-(-change.start // DAY) * DAY)).date()}"


def _ends_at_midnight(duty: Duty) -> bool:
    for one in inside(duty.limit):
        match one:
            case Within(span=Civil(), basis=None) | BeforeTermEnds() | OnEach() | ByEndOf(close_in=None):
                return True
    return False


def ends_early(examined: Examined) -> Iterator[Found]:
    """A list of holidays in the policy whose last year comes before the contract's."""
    contract = examined.contract
    if contract is None or contract.in_force == (None, None):
        return
    since, after = contract.in_force
    for terms in contract.versions:
        for name in sorted(_lists_used(terms)):
            years = {day.year for day, _ in terms.holidays[name].dates}
            span = next((b.name.span for b, _ in examined.rules("holidays") if b.name.text == name), None)
            if not years or span is None:
                continue
            last = (after - timedelta(days=1)).year if after is not None else None
            if last is None:
                yield Found(
                    span, f"`{name}` ends with {max(years)}, and the contract states no last date",
                    "say until when the contract is in force; or let a party supply the list: `supplied by …`",
                )
                continue
            first = since.year if since is not None else min(years)
            wanting = [str(year) for year in range(first, last + 1) if year not in years]
            if wanting:
                yield Found(
                    span, f"`{name}` has no date in {', '.join(wanting)}, though the contract is in force to {last}",
                    "add those years' dates; or let a party supply the list: `supplied by …`",
                )


def _lists_used(terms: Terms) -> set[str]:
    """Lists of the policy's own, on which a calendar is closed."""
    used = {one.name for rule in terms.calendars.values() for one in inside(rule.closed)
            if isinstance(one, ListedHolidays)}
    return {name for name in used if name in terms.holidays and terms.holidays[name].supplied_by is None}


RULES: tuple[Rule, ...] = (
    Rule("L0301", "old-zone-name", Level.WARNING, "a zone by a name that is kept for old files only", old_name),
    Rule("L0302", "fixed-offset", Level.WARNING, "a zone whose clocks never change, and no reading says so",
         fixed_offset),
    Rule("L0303", "deadline-in-clock-change", Level.WARNING,
         "dates that end at a midnight which clocks skip or show twice", midnight),
    Rule("L0304", "holidays-end-early", Level.WARNING, "a list of holidays that ends before the contract does",
         ends_early),
)
