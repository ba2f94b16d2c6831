"""Durations that leave open which hours count, and stretches of time that run backwards."""

from __future__ import annotations

from collections.abc import Iterator

from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Found, Rule
from slarules.model.contract import Terms
from slarules.model.expression import Between, Expression, Shifted
from slarules.model.limit import Column, Counted, CountedIn, EachDay, Limit, NextClose, NthClose, Within
from slarules.model.rules import Amount, Duty, Scope, Table
from slarules.model.value import AsRead, Civil, Elapsed
from slarules.model.walk import inside
from slarules.syntax.tree import Node

ALWAYS = "Always"


def without_basis(examined: Examined) -> Iterator[Found]:
    """Hours that count day and night without a word, in a contract that elsewhere counts opening times."""
    for terms in examined.versions:
        hours = _hours_elsewhere(terms)
        if not hours:
            continue
        for duty in terms.duties.values():
            for limit in _own_limits(duty.limit):
                if _is_bare(limit, terms):
                    yield _told(examined, duty, limit, hours, _in_cells(limit, terms))


def _hours_elsewhere(terms: Terms) -> str | None:
    """A calendar of opening times in which some duty of these terms counts."""
    for duty in terms.duties.values():
        for one in inside(duty.limit):
            match one:
                case CountedIn(name) | EachDay(name) | NextClose(name) | NthClose(name, _) if name != ALWAYS:
                    return name
                case Column(table, column) if table in terms.tables:
                    counted = _counted_in(terms.tables[table], column)
                    if counted not in (None, ALWAYS):
                        return counted
    return None


def _counted_in(table: Table, column: str) -> str | None:
    """The calendar in which a column, or one of its cells, counts."""
    place = table.columns.index(column)
    if table.bases[place] is not None:
        return table.bases[place]
    cells = (outputs[place] for _, outputs in table.rows)
    return next((cell.basis.calendar for cell in cells if isinstance(cell, Counted)), None)


def _own_limits(limit: Limit | None) -> Iterator[Within]:
    """The ``within`` limits that stand in the rule itself; a reading's options are a choice already made."""
    for one in inside(() if isinstance(limit, AsRead) else limit):
        if isinstance(one, Within):
            yield one


def _is_bare(limit: Within, terms: Terms) -> bool:
    if limit.basis is not None:
        return False
    match limit.span:
        case Elapsed(micros):
            return micros > 0
        case Column(table, column) if table in terms.tables:
            place = terms.tables[table].columns.index(column)
            cells = [outputs[place] for _, outputs in terms.tables[table].rows]
            return terms.tables[table].bases[place] is None and any(
                isinstance(cell, Elapsed) and cell.micros > 0 for cell in cells
            )
    return False


def _in_cells(limit: Within, terms: Terms) -> bool:
    """Whether cells of its column say which hours count: then the others are to say it, too."""
    if not isinstance(limit.span, Column) or limit.span.table not in terms.tables:
        return False
    return _counted_in(terms.tables[limit.span.table], limit.span.column) is not None


def _told(examined: Examined, duty: Duty, limit: Within, hours: str, in_cells: bool) -> Found:
    lines = [line for line in examined.lines_at(duty.citation.rule, "within", "in_less_than") if _bare(line)]
    column = limit.span.column if isinstance(limit.span, Column) else None
    wanted = [line for line in lines if (_column(line) == column)]
    span = wanted[0].span if wanted else examined.name_at(duty.citation.rule)
    what = f"{'some hours' if in_cells else 'the hours'} of `{column}`" if column else "these hours"
    where = "in the cells that do not say it " if in_cells else ""
    return Found(
        span,
        f"{what} count day and night, though other times here count in `{hours}`, and nothing says that it is meant",
        f"say {where}which hours count: `counted in {hours}`, or `counted in Always` for every hour",
    )


def _bare(line: Node) -> bool:
    return line.first("basis", "counted_as_read") is None


def _column(line: Node) -> str | None:
    name = line.first("name")
    return name.parts[0].text if name is not None else None


def reversed_interval(examined: Examined) -> Iterator[Found]:
    """``days from A to B`` where B is a day of its own before A: always negative."""
    for terms in examined.versions:
        rules: tuple[Amount | Duty | Scope, ...] = (
            *terms.amounts.values(), *terms.duties.values(), *terms.scopes.values(),
        )
        for rule in rules:
            for one in inside(rule):
                if isinstance(one, Between) and _is_reversed(one):
                    spans = examined.lines_at(rule.citation.rule, "days_from", "months_from")
                    span = next(iter(spans)).span if len(spans) == 1 else examined.name_at(rule.citation.rule)
                    yield Found(
                        span, "this stretch of time ends before it begins, so it is never more than nothing",
                        f"say the earlier date first: `{one.unit} from EARLIER to LATER`",
                    )


def _is_reversed(between: Between) -> bool:
    """Whether both ends are one date, moved by so much, and the end is moved less."""
    begins, first = _moved(between.start)
    ends, last = _moved(between.end)
    return begins == ends and last < first


def _moved(value: Expression) -> tuple[Expression, int]:
    """A date without what it is moved by, and that in days; a month is at least 28."""
    days = 0
    while isinstance(value, Shifted) and isinstance(value.by, Civil):
        days += value.sign * (value.by.days + 28 * value.by.months)
        value = value.date
    return value, days


RULES: tuple[Rule, ...] = (
    Rule(
        "L0201", "duration-without-basis", Level.WARNING,
        "hours that count day and night without saying so, beside others that count opening times", without_basis,
    ),
    Rule(
        "L0202", "reversed-interval", Level.WARNING,
        "a stretch of time whose end comes before its beginning", reversed_interval,
    ),
)
