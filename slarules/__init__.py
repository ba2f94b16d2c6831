"""slarules: the clauses of software-support contracts, written down and judged against ticket histories.

    import slarules

    policy = slarules.load("contracts/trak/policy.sla")
    evaluation = policy.evaluate(events, as_of="2026-03-02T12:00:00Z")
    for verdict in evaluation.verdicts:
        print(verdict.subject, verdict.label, verdict.state)

Everything heavy is imported on first use, so that ``import slarules`` costs next to nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
from warnings import warn

from slarules.version import __version__ as __version__

if TYPE_CHECKING:  # only for type checkers: at run time these come from __getattr__ below
    from slarules.calendars.calendar import Calendar as Calendar
    from slarules.columnar.judging import Judged as Judged
    from slarules.columnar.log.arriving import Arrived
    from slarules.diagnostics import Diagnostic as Diagnostic
    from slarules.engine.evaluate import evaluate as evaluate
    from slarules.engine.reasons.reason import Reason as Reason
    from slarules.model.calendar import Supplied as Supplied
    from slarules.model.contract import Contract as Contract
    from slarules.model.event import Event as Event
    from slarules.model.verdict import Evaluation as Evaluation
    from slarules.model.verdict import Verdict as Verdict

__all__ = [
    "ArrowTable",
    "Calendar",
    "Contract",
    "Diagnostic",
    "Evaluation",
    "Event",
    "Judged",
    "Policy",
    "PolicyError",
    "Reason",
    "Supplied",
    "Verdict",
    "__version__",
    "evaluate",
    "load",
]

_HOMES = {
    "Calendar": "slarules.calendars.calendar",
    "Diagnostic": "slarules.diagnostics",
    "evaluate": "slarules.engine.evaluate",
    "Judged": "slarules.columnar.judging",
    "Reason": "slarules.engine.reasons.reason",
    "Supplied": "slarules.model.calendar",
    "Contract": "slarules.model.contract",
    "Event": "slarules.model.event",
    "Evaluation": "slarules.model.verdict",
    "Verdict": "slarules.model.verdict",
}


def __getattr__(name: str) -> Any:
    """The exported names, each imported when first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'slarules' has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


@runtime_checkable
class ArrowTable(Protocol):
    """A table that speaks Arrow's C interface: of pyarrow, polars or pandas, or a relation of DuckDB."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Its batches, as a capsule."""


class PolicyError(ValueError):
    """A policy cannot be judged by. Its text is the readable list of what is wrong."""

    def __init__(self, path: str, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.path = path
        """The file, as it was asked for."""
        self.diagnostics = diagnostics
        """Everything wrong with it, in reading order, warnings included."""
        super().__init__(path, diagnostics)

    def __str__(self) -> str:
        lines = []
        for found in self.diagnostics:
            lines.append(
                f"{found.span if found.span.source.text else found.span.source.name}: "
                f"{found.level.value}[{found.code}]: {found.message}"
            )
            if found.help:
                lines.append(f"  help: {found.help}")
        return "\n".join(lines) or f"`{self.path}` holds no contract"


class Policy:
    """A contract, ready to be judged by; ``load`` makes it."""

    def __init__(self, contract: Contract, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        self.contract = contract
        """What the policy file means."""
        self.diagnostics = diagnostics
        """Its warnings and notes; there are no errors."""

    def __repr__(self) -> str:
        return f"<Policy {self.contract.name} from {self.contract.policy.name}>"

    def evaluate(
        self,
        events: Iterable[Event | Mapping[str, Any]],
        *,
        as_of: datetime | str | int,
        readings: Mapping[str, str] | None = None,
        supplied: Mapping[str, Supplied] | None = None,
    ) -> Evaluation:
        """Every verdict on a log, as of an instant.

        ``events`` are ``Event`` objects or dictionaries with the keys of an event file (``id``, ``subject``,
        ``type``, ``at`` …; times as RFC 3339 text). ``as_of`` is an aware datetime, RFC 3339 text with an
        offset, or microseconds since 1970 UTC. ``readings`` names options other than the adopted ones.
        ``supplied`` gives the lists and calendars that the contract only names. Raises ``ValueError`` for an
        event, an instant, a reading or a name that cannot be meant.
        """
        from slarules.engine.evaluate import evaluate

        return evaluate(
            self.contract, readings, _events(events), _instant(as_of), supplied=self._supplied(supplied)
        )

    def evaluate_table(
        self,
        table: ArrowTable,
        *,
        as_of: datetime | str | int,
        readings: Mapping[str, str] | None = None,
        supplied: Mapping[str, Supplied] | None = None,
    ) -> Judged:
        """What ``evaluate`` says of a table of events, as tables, by the columnar engine: for long logs.

        ``table`` is anything that speaks Arrow's C interface: a pyarrow table, a polars or pandas frame, a relation
        of DuckDB. A row is an event, in the order of the log; ``id``, ``subject``, ``type`` and ``at`` (a timestamp
        with its zone) are needed, columns of no event's field are facts. ``verdicts`` of the result is a pyarrow
        table that these libraries take in turn. A row that is no event is set aside, as it is of a file: it is among
        ``set_aside`` of the result, and a warning tells how many there are. Raises ``ValueError`` for a column that
        cannot be meant.
        """
        from attrs import evolve

        from slarules.columnar.judging import judge

        instant, given = _instant(as_of), self._supplied(supplied)
        found = _arrived(table)
        judged = judge(self.contract, readings, found.events, instant, supplied=given)
        return evolve(judged, set_aside=found.set_aside)

    def explain(
        self,
        events: Iterable[Event | Mapping[str, Any]] | ArrowTable,
        subject: str,
        duty: str | None = None,
        *,
        as_of: datetime | str | int,
        readings: Mapping[str, str] | None = None,
        supplied: Mapping[str, Supplied] | None = None,
    ) -> tuple[Reason, ...]:
        """One tree of reasons for each verdict on ``subject``, or those of ``duty``; see ``evaluate``.

        Of an agreement, also one for each amount and computed date, or for the one that ``duty`` names.
        ``events`` may be a table as well, as ``evaluate_table`` takes it: only what bears on ``subject`` is read.
        Empty where no rule applies. Each reason has a ``text`` and the ``parts`` that support it.
        """
        from slarules.engine.reasons.amounts import explain_amounts
        from slarules.engine.reasons.explain import explain

        told = self._told(events, subject, duty)
        asked = self.contract, readings, told, _instant(as_of), subject, duty, self._supplied(supplied)
        return explain(*asked) + explain_amounts(*asked)

    def why_not(
        self,
        events: Iterable[Event | Mapping[str, Any]] | ArrowTable,
        subject: str,
        duty: str,
        *,
        as_of: datetime | str | int,
        readings: Mapping[str, str] | None = None,
        supplied: Mapping[str, Supplied] | None = None,
    ) -> Reason:
        """Why the rule ``duty`` is not owed for ``subject``: what never set it off, or which condition failed.

        Where it is owed, or cannot be known, the first sentence says so; see ``evaluate``.
        """
        from slarules.engine.reasons.whynot import why_not

        given, told = self._supplied(supplied), self._told(events, subject, duty)
        return why_not(self.contract, readings, told, _instant(as_of), subject, duty, supplied=given)

    def _told(
        self, events: Iterable[Event | Mapping[str, Any]] | ArrowTable, subject: str, duty: str | None
    ) -> list[Event]:
        """The events by which a subject is judged; of a table, those that bear on it. Raises ``ValueError``."""
        if not isinstance(subject, str):
            raise ValueError(f"subject: the id of a ticket or agreement is wanted, not {type(subject).__name__}")
        if not (duty is None or isinstance(duty, str)):
            raise ValueError(f"duty: the name of a rule is wanted, not {type(duty).__name__}")
        if not isinstance(events, ArrowTable):
            return _events(events)
        from slarules.columnar.alone import alone
        from slarules.columnar.log.columns import events_of

        return events_of(alone(self.contract, _arrived(events).events, subject))

    def _supplied(self, given: Mapping[str, Supplied] | None) -> Mapping[str, Supplied] | None:
        """The same, if the contract leaves each of the names to a party. Raises ``ValueError``."""
        known = {
            name
            for terms in self.contract.versions
            for ruled in (terms.holidays, terms.calendars)
            for name, rule in ruled.items()
            if rule.supplied_by
        }
        for name in given or ():
            if name not in known:
                raise ValueError(
                    f"the contract has no supplied list or calendar {name!r}; it has {sorted(known)}"
                )
        return given


def load(path: str | PathLike[str]) -> Policy:
    """The policy in a file. Raises ``PolicyError`` with every diagnostic where it cannot be judged by."""
    from slarules import loader

    loaded = loader.load(fspath(path))
    if loaded.contract is None:
        raise PolicyError(fspath(path), loaded.diagnostics)
    return Policy(loaded.contract, loaded.diagnostics)


def _events(events: Iterable[Event | Mapping[str, Any]]) -> list[Event]:
    """Each as an ``Event``, read by the rules of event files. Raises ``ValueError`` with its number."""
    from slarules.model.event import Event
    from slarules.readers.fields import event_of
    from slarules.readers.rejects import Refused

    found: list[Event] = []
    for number, entry in enumerate(events):
        if isinstance(entry, Event):
            found.append(entry)
            continue
        if not isinstance(entry, Mapping):
            raise ValueError(
                f"events[{number}]: an Event or a dictionary is wanted, not {type(entry).__name__}"
            )
        fields = _plain(entry)
        try:
            found.append(event_of(fields, Counter()))
        except Refused as refused:
            raise ValueError(f"events[{number}]: {refused.cause} ({refused.code})") from None
    return found


def _arrived(table: ArrowTable) -> Arrived:
    """The events of a table; a warning tells of the rows that are none. Raises ``ValueError``."""
    from slarules.columnar.log.arriving import arrived

    found = arrived(table)
    if found.told is not None:
        warn(found.told, stacklevel=3)
    return found


def _plain(value: Any) -> Any:
    """Python's own dates, times and floats as event files write them."""
    match value:
        case date():  # a datetime is one too
            return value.isoformat()
        case float():
            return Decimal(repr(value))
        case Mapping():
            return {name: _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case _:
            return value


def _instant(as_of: datetime | str | int) -> int:
    from slarules.readers.instants import judged_as_of

    return judged_as_of(as_of)
