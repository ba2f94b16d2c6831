"""The tables of the quick way laid out in one array, led by where each part begins (see ``kernels.quick_layout``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import define, field

from slarules.calendars import zones
from slarules.columnar.kernels import layout as at
from slarules.columnar.kernels import quick_layout as quick
from slarules.columnar.tables.parts import Parts, count, fixed_of, length, limits_of, part
from slarules.columnar.tables.quick_births import born_of
from slarules.columnar.tables.quick_classes import INERT, Classes
from slarules.columnar.tables.quick_clocks import clock_of
from slarules.columnar.tables.quick_duties import duty_row, grants_of, is_usable
from slarules.columnar.tables.quick_powers import (
    disputes_of,
    entitled,
    first_scope,
    kept_of,
    lasting_facts,
    rights_of,
    scopes_of,
)
from slarules.columnar.tables.quick_questions import guard_of, is_known, question_of

MORE = (quick.P_QUALIFIES, quick.P_UNTIL, quick.P_KEEPS, quick.P_STEADY)
ASKED = (quick.P_MORE, quick.P_STRICT, quick.P_OUTCOMES, quick.P_EFFORT)
"""What is asked of a duty that is not simple."""
LIVES = {
    "wanting": at.T_WANTING, "step_at": at.T_STEP_AT, "steps": at.T_STEPS, "member_at": at.T_MEMBER_AT,
    "members": at.T_MEMBERS, "agreed": at.T_AGREED, "patterns": at.T_PATTERNS,
}  # fmt: skip
"""What is taken from the tables of the general kernels as it is."""


@define(eq=False)
class _Laid:
    """The tables while they are laid out."""

    own: Parts
    causes: Mapping[int, int]
    """The duties that the quick way may meet → the duty whose breach sets each off, -1 for the opening."""
    plain: frozenset[int]
    """Those of them that it follows."""
    classes: Classes
    clocks: Mapping[int, int]
    """The calendars that it knows → their number."""
    parts: dict[str, Any]
    """What the header names, by its name."""
    place: int = quick.QUICK_HEADER
    """Where the next part will stand."""
    tail: list[Any] = field(factory=list)
    """What the parts point at, behind them."""


def laid_out(
    own: Parts, causes: Mapping[int, int], plain: Mapping[int, int], classes: Classes, clocks: Mapping[int, int]
) -> Any:
    """The tables as one array; ``plain`` has the duties that are followed, by their place in ``causes``."""
    laid = _Laid(own, causes, frozenset(plain.values()), classes, clocks, {})
    laid.parts = _parts(laid)
    header = np.zeros(quick.QUICK_HEADER, np.int64)
    for name, one in laid.parts.items():
        header[_number(name)] = laid.place
        laid.place += one.size
    _lay_duties(laid)
    _lay_beside(laid)
    for calendar, number in clocks.items():
        made = clock_of(own, calendar, laid.place)
        assert made is not None
        laid.parts["clocks"][number] = made[0]
        _put(laid, made[1])
    for name, value in {**_of_classes(classes), **_of_version(laid)}.items():
        header[int(name)] = value
    return np.concatenate([header, *(np.ravel(one) for one in laid.parts.values()), *laid.tail])


def _number(name: str) -> int:
    return int(getattr(quick, f"Q_{name.upper()}"))


def _put(laid: _Laid, one: Sequence[int] | Any) -> int:
    """Lay something behind the parts; gives where it stands."""
    at_once = np.asarray(one, np.int64)
    laid.tail.append(at_once)
    laid.place += at_once.size
    return laid.place - at_once.size


def _ask(laid: _Laid, question: int) -> int:
    """Lay a question; gives where it stands, 0 for none."""
    return _put(laid, question_of(laid.own, question, laid.clocks)) if question >= 0 else 0


def _parts(laid: _Laid) -> dict[str, Any]:
    """What the header names; what points at other things is filled in later."""
    own, meanings, causes = laid.own, laid.classes.meanings, laid.causes
    kinds = np.array([one.does for one in meanings], np.int64)
    severe = np.isin(kinds, (quick.BEGINS, quick.REGRADES))
    born = [born_of(own, duty, cause, _known(laid, duty), laid.clocks) for duty, cause in causes.items()]
    return {
        "class": laid.classes.of | np.where(severe, 0, quick.SEVERE)[laid.classes.of],
        "kind": kinds,
        "performs": np.array([one.performs for one in meanings], np.int64),
        "ends": np.array([one.ends for one in meanings], np.int64),
        "forbids": np.zeros(len(meanings), np.int64),
        "duties": np.zeros((len(causes), quick.PLAIN), np.int64),
        "grants": np.array([grants_of(limits_of(own, duty), laid.clocks) for duty in causes], np.int64),
        "born": np.array(born, np.int64),
        "grave": np.append(part(own, at.T_GRAVE, own.levels), 1 << 30),
        "settled": np.ones(own.levels + 1, np.int64),
        "assigns": entitled(own, own.plan.assigners),
        "changes": entitled(own, own.plan.changers),
        "rights": np.zeros((len(rights_of(own)), quick.RIGHT), np.int64),
        "scopes": np.zeros((len(scopes_of(own)), 2), np.int64),
        "clocks": np.zeros((len(laid.clocks), quick.CLOCK), np.int64),
        **{name: part(own, code, length(own, code)) for name, code in LIVES.items()},
    }


def _known(laid: _Laid, duty: int) -> list[bool]:
    """[severity] → whether the duty's clock is one that the quick way knows."""
    return [duty in laid.plain and is_usable(limit, laid.clocks) for limit in limits_of(laid.own, duty)]


def _lay_duties(laid: _Laid) -> None:
    """The rows of duties, with their acts and questions."""
    meanings = laid.classes.meanings
    for number, duty in enumerate(laid.causes):
        acts = [n for n, one in enumerate(meanings) if one.performs >> number & 1]
        row = duty_row(laid.own, duty, laid.causes, limits_of(laid.own, duty), laid.clocks)
        row[quick.P_ACTS], row[quick.P_ACT_COUNT] = _put(laid, acts), len(acts)
        if (laid.parts["born"][number] >= quick.ASKED).any():
            row[quick.P_GUARD] = _ask(laid, guard_of(laid.own, duty))
        if duty in laid.plain:
            row[quick.P_QUALIFIES] = _ask(laid, int(fixed_of(laid.own, duty)[at.D_QUALIFIES]))
            row[quick.P_UNTIL] = int(any(one.ends >> number & 1 for one in meanings))
        row[quick.P_MORE] = int(any(row[int(one)] for one in MORE))
        simple = row[quick.P_CAUSE] < 0 and row[quick.P_TRIGGER] and row[quick.P_COUNTS] and len(acts) == 1
        if simple and not any(row[int(one)] for one in ASKED):
            row[quick.P_SIMPLE] = acts[0] + 1
        laid.parts["duties"][number] = row


def _lay_beside(laid: _Laid) -> None:
    """Prohibitions, rights, scopes and the definitions of severities, with their questions."""
    for number, meant in enumerate(laid.classes.meanings):
        if meant.forbids:
            asked = [_ask(laid, one) for one in meant.forbids]
            laid.parts["forbids"][number] = _put(laid, [len(asked), *asked])
    for number, (rule, parties, question) in enumerate(rights_of(laid.own)):
        known = is_known(laid.own, question, laid.clocks)  # else no opening that it is asked of is for the quick way
        laid.parts["rights"][number] = rule, parties, _ask(laid, question) if known else 0
    for number, question in enumerate(scopes_of(laid.own)):
        laid.parts["scopes"][number] = first_scope(laid.own) + number, _ask(laid, question)
    for level, question in enumerate(disputes_of(laid.own)):
        known = question >= -1 and is_known(laid.own, question, laid.clocks)
        laid.parts["settled"][level] = 0 if not known else 1 if question < 0 else _ask(laid, question)


def _of_classes(classes: Classes) -> dict[Any, int]:
    """What the header says of the classes of events."""
    kinds = [one.does for one in classes.meanings]
    usual = {}
    for does in (quick.RESOLVES, quick.CLOSES):
        own = [n for n, kind in enumerate(kinds) if kind == does]
        usual[does] = max(own, key=lambda n: (classes.meanings[n].performs.bit_count(), -n), default=len(kinds))

    def bits(*wanted: int) -> int:
        return sum(1 << n for n, kind in enumerate(kinds) if kind in wanted)

    others = bits(quick.RESOLVES, quick.CLOSES) & ~(1 << usual[quick.RESOLVES]) & ~(1 << usual[quick.CLOSES])
    return {
        quick.Q_CLASSES: len(kinds),
        quick.Q_MOVING: others | bits(quick.WAITS, quick.RESUMES, quick.REGRADES, quick.REOPENS, quick.ENDS_ALL),
        quick.Q_ALIENS: bits(quick.ALIEN),
        quick.Q_BEGINNERS: bits(quick.BEGINS),
        quick.Q_ONCE: bits(quick.BEGINS, quick.RESOLVES, quick.CLOSES),
        quick.Q_RESOLVED: usual[quick.RESOLVES],
        quick.Q_CLOSED: usual[quick.CLOSES],
        quick.Q_REGRADERS: bits(quick.REGRADES),
        quick.Q_UNSTEADY: bits(quick.REGRADES, quick.REOPENS),
        quick.Q_INERT: sum(1 << n for n, one in enumerate(classes.meanings) if one == INERT),
        quick.Q_FORBIDDEN: sum(1 << n for n, one in enumerate(classes.meanings) if one.forbids),
    }


def _of_version(laid: _Laid) -> dict[Any, int]:
    """What the header says besides."""
    own, parts = laid.own, laid.parts
    rights, scopes = len(parts["rights"]), len(parts["scopes"])
    wide = (parts["born"] >= quick.ASKED).any() or parts["duties"][:, int(quick.P_MORE)].any()
    wide = wide or parts["forbids"].any() or (parts["settled"] > 1).any() or rights or scopes
    return {
        quick.Q_ACTORS: len(own.parties) + 2,
        quick.Q_DUTY_COUNT: len(laid.causes),
        quick.Q_LEVELS: own.levels,
        quick.Q_CLOCK_COUNT: len(laid.clocks),
        quick.Q_KEPT: len(own.rules),
        quick.Q_KEPT_COUNT: kept_of(own),
        quick.Q_LATEST: zones.END - 1,
        quick.Q_SINCE: max(0, count(own, at.T_SINCE)),
        quick.Q_UNTIL: count(own, at.T_UNTIL),
        quick.Q_MOST: len(laid.causes) + kept_of(own) + rights + scopes,
        quick.Q_WIDE: int(bool(wide)),
        quick.Q_LASTING: lasting_facts(own, laid.plain),
        quick.Q_RIGHT_COUNT: rights,
        quick.Q_SCOPE_COUNT: scopes,
        quick.Q_AGREED_FACTS: count(own, at.T_AGREED_FACTS),
        quick.Q_PASSING: count(own, at.T_PASSING),
        quick.Q_AGREEMENTS: count(own, at.T_AGREEMENTS),
    }
