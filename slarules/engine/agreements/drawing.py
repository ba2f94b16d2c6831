"""How an entry that fills or draws on an allowance finds its own subject: its facts and its severity (R24, R34)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from slarules.engine.adopt import Adopted
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.expression import Scene
from slarules.engine.history import Entry, SubjectHistory
from slarules.engine.judging import events
from slarules.engine.judging.case import Case
from slarules.engine.plan import plan_of


def scenes_of(
    adopted: Adopted, others: Sequence[SubjectHistory]
) -> Callable[[Agreement], Callable[[Entry], Scene | None]]:
    """For each agreement: what an entry finds. Entries are asked for in their order; None: the entry has no effect."""
    histories = {other.subject: other for other in others}
    asks = any(conditions for own in adopted.terms.allowances.values() for _, _, conditions in own.draws)

    def of_agreement(agreement: Agreement) -> Callable[[Entry], Scene | None]:
        cases: dict[str, Case] = {}
        places: dict[str, int] = {}

        def found(entry: Entry) -> Scene | None:
            name = entry.event.subject
            if name == agreement.name or not (asks or entry.type in events.MOVES):
                agreement.now, agreement.entry = entry.at, entry
                return agreement
            case = cases.get(name)
            if case is None:
                case = cases[name] = Case(plan_of(adopted), histories[name], agreement)
            entries, place = case.history.entries, places.get(name, 0)
            while place < len(entries) and entries[place].at <= entry.at:
                case.now, case.entry = entries[place].at, None
                events.take(case, entries[place])
                place += 1
            places[name] = place
            case.now, case.entry = entry.at, entry
            impossible = any(one is entry for one, _ in case.impossible)
            return None if impossible else case

        return found

    return of_agreement
