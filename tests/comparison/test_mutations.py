"""Each limit of the four contracts a minute longer, each condition turned round: what is changed is told, never `same`.

`SLARULES_COMPARED=400` tries so many changes instead of a few of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

from slarules.comparison.compare import compare
from slarules.comparison.meaning import LOOSER, SAME, STRICTER
from slarules.comparison.sides import Side, side, timeless
from slarules.comparison.tickets import RANKS
from slarules.engine.evaluate import evaluate
from slarules.loader import load
from slarules.model.contract import Contract, Terms
from slarules.model.limit import Counted, Every, Within
from slarules.model.rules import Duty
from slarules.model.value import AsRead, Elapsed

MANY = int(os.environ.get("SLARULES_COMPARED", "5"))
NAMES = ("trak", "collabware", "cpi", "copiun")
MINUTE = 60_000_000


def contract(name: str) -> Contract:
    loaded = load(f"contracts/{name}/policy.sla").contract
    assert loaded is not None
    return timeless(loaded, latest=True)


def longer(value: Any, options: dict[str, str]) -> Any:
    """A limit, or a part of one, a minute longer as it is read; the same where it has no length."""
    match value:
        case Elapsed(micros) if micros:
            return Elapsed(micros + MINUTE)
        case Counted():
            return evolve(value, span=longer(value.span, options))
        case Within() | Every():
            return evolve(value, span=longer(value.span, options))
        case AsRead(reading, ways):
            own = options[reading]
            return evolve(value, options={**ways, own: longer(ways[own], options)})
    return value


def lengthened(stated: Contract) -> Iterator[tuple[str, Contract]]:
    """Each duty and each row of a table with a time, a minute longer."""
    terms = stated.versions[-1]
    options = {name: reading.adopted for name, reading in stated.readings.items()}

    def put(name: str, changed: Terms) -> tuple[str, Contract]:
        return name, evolve(stated, versions=(*stated.versions[:-1], changed))

    for name, duty in terms.duties.items():
        limit = longer(duty.limit, options)
        if limit != duty.limit:
            yield put(name, evolve(terms, duties={**terms.duties, name: evolve(duty, limit=limit)}))
    for name, table in terms.tables.items():
        for n, (cells, outputs) in enumerate(table.rows):
            told = tuple(longer(one, options) for one in outputs)
            if told != outputs:
                rows = (*table.rows[:n], (cells, told), *table.rows[n + 1 :])
                yield put(f"{name}, row {n}", evolve(terms, tables={**terms.tables, name: evolve(table, rows=rows)}))


def turned(stated: Contract) -> Iterator[tuple[str, Contract]]:
    """Each duty without its first condition."""
    terms = stated.versions[-1]
    for name, duty in terms.duties.items():
        if duty.only_if:
            fewer: Duty = evolve(duty, only_if=duty.only_if[1:])
            changed = evolve(terms, duties={**terms.duties, name: fewer})
            yield name, evolve(stated, versions=(*stated.versions[:-1], changed))


def some(changes: list[tuple[str, str, Contract]]) -> list[Any]:
    few = changes[:: max(1, len(changes) // MANY)][:MANY]
    return [pytest.param(name, changed, id=f"{name}: {what}") for name, what, changed in few]


LONGER = [(name, what, changed) for name in NAMES for what, changed in lengthened(contract(name))]
TURNED = [(name, what, changed) for name in NAMES for what, changed in turned(contract(name))]


@pytest.mark.parametrize(("name", "changed"), some(LONGER))
def test_a_minute_more_is_looser_and_never_the_same(name: str, changed: Contract) -> None:
    before, after = side(contract(name)), side(changed)
    names = _touched(before, after)
    compared = compare(before, after, only=names)
    rows = [row for row in compared.rows if not row.idle]
    assert not rows or any(row.verdict != SAME for row in rows)
    assert not any(row.verdict == STRICTER for row in rows if row.pair.theirs[0] in _own(before, after))
    for row in rows:
        for one in row.examples:
            _bears_out(before, after, row.pair.ours, one)
    timed = [row for row in rows if row.deadlines is not None]
    assert not timed or any(row.verdict == LOOSER for row in rows)


@pytest.mark.parametrize(("name", "changed"), some(TURNED))
def test_a_condition_less_is_never_looser(name: str, changed: Contract) -> None:
    before, after = side(contract(name)), side(changed)
    compared = compare(before, after, only=frozenset(_own(before, after)))
    for row in compared.rows:
        assert row.verdict != LOOSER
        for one in row.examples:
            _bears_out(before, after, row.pair.ours, one)


def _own(before: Side, after: Side) -> set[str]:
    """The duties that were changed themselves."""
    return {name for name, duty in before.contract.versions[-1].duties.items()
            if after.contract.versions[-1].duties[name] != duty}


def _touched(before: Side, after: Side) -> frozenset[str]:
    """The duties changed, or those whose table was."""
    own = _own(before, after)
    tables = {name for name, table in before.terms.tables.items() if after.terms.tables[name] != table}
    told = {name for name, duty in before.terms.duties.items() if any(f"table='{table}'" in repr(duty.limit)
                                                                      for table in tables)}
    return frozenset(own | told)


def _bears_out(before: Side, after: Side, names: tuple[str, ...], one: Any) -> None:
    for of, own in enumerate((before, after)):
        ticket = one.ticket
        seen = evaluate(own.stated, own.readings, ticket.logs[of], ticket.as_of, supplied=own.supplied)
        ranks = [RANKS.get(v.state, 0) for v in seen.verdicts if v.subject == ticket.subject and v.duty in names]
        assert max(ranks, default=0) == one.outcomes[of].rank
