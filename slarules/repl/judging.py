"""A case judged: its verdicts, its inside at an instant, its zone, and how its instants are said."""

from __future__ import annotations

from collections.abc import Mapping

from slarules.calendars import zones
from slarules.engine.adopt import Adopted, adopt, decided
from slarules.engine.agreements.agreement import Agreement
from slarules.engine.evaluate import agreements_of, evaluate, judged
from slarules.engine.history import History, settle
from slarules.engine.judging.case import Case as Inside
from slarules.model.contract import Contract, Rule, with_verdicts
from slarules.model.verdict import Evaluation, Verdict
from slarules.repl.session import Case, Session
from slarules.scenario.judging import Tell

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOWHERE = "UTC"
"""The zone in which times are said where the contract names none."""


def contract_of(session: Session) -> Contract:
    """The contract that the session judges by, which commands that need one have made sure of."""
    contract = session.policy.contract if session.policy is not None else None
    assert contract is not None
    return contract


def amounts_of(contract: Contract) -> tuple[str, ...]:
    """The names of what the contract's words compute."""
    return tuple(dict.fromkeys(name for terms in contract.versions for name in terms.amounts))


def now_of(case: Case) -> int:
    """The clock, which commands that need it have made sure is set."""
    assert case.now is not None
    return case.now


def evaluated(contract: Contract, case: Case, at: int | None = None) -> Evaluation:
    """Every verdict of the case as of its clock, or as of another instant."""
    as_of = now_of(case) if at is None else at
    return evaluate(contract, readings_of(contract, case), case.events, as_of, supplied=case.supplied)


def readings_of(contract: Contract, case: Case) -> dict[str, str]:
    """The readings chosen in the case, without those that the contract has no more since it was read again."""
    return {name: option for name, option in case.readings.items() if has_option(contract, name, option)}


def has_option(contract: Contract, name: str, option: str) -> bool:
    """Whether the contract has a reading with that option."""
    reading = contract.readings.get(name)
    return reading is not None and any(one.name == option for one in reading.options)


def adopted(contract: Contract, case: Case) -> tuple[Adopted, ...]:
    """The contract's versions under the case's readings, its calendars compiled."""
    return adopt(contract, readings_of(contract, case), case.supplied)


def parted(contract: Contract, case: Case, at: int) -> tuple[tuple[Adopted, ...], History, Mapping[str, Agreement]]:
    """What judging a case begins with: the versions, the settled log, and each agreement's life up to ``at``."""
    versions = adopted(contract, case)
    told = settle(contract, [version.terms for version in versions], case.events, at)
    return versions, told, agreements_of(versions, told, at)


def insides(contract: Contract, case: Case, subject: str, at: int) -> tuple[Inside, ...]:
    """The subject's case as the engine has it at an instant, its clocks and facts; an agreement has one a version.

    Empty where nothing has happened to the subject yet.
    """
    versions, told, agreements = parted(contract, case, at)
    own = told.subjects.get(subject)
    if own is None:
        return ()
    each = [[version] for version in versions] if own.kind == "agreement" else [list(versions)]  # R27
    agreement = agreements.get(own.agreement or "")
    return tuple(one for some in each if (one := judged(some, own, agreement, at, tracing=True)) is not None)


def zone_of(contract: Contract | None, case: Case) -> str:
    """The zone in which the case's times are said: chosen, else the contract's under its readings, else UTC."""
    if case.zone is not None:
        return case.zone
    if contract is None:
        return NOWHERE
    options = {name: reading.adopted for name, reading in contract.readings.items()} | readings_of(contract, case)
    found = decided(contract.zone, options)
    return found if isinstance(found, str) else NOWHERE


def zone_in(session: Session) -> str:
    """The same, of the case before the user."""
    return zone_of(session.policy.contract if session.policy is not None else None, session.case)


def clock_words(instant: int, zone: str) -> str:
    """``Mon 2026-03-02 08:00``, with seconds where there are any."""
    local = zones.moment(instant, zones.zone(zone))
    seconds = f":{local.second:02d}" if local.second or local.microsecond else ""
    fraction = f".{local.microsecond:06d}" if local.microsecond else ""
    date = f"{WEEKDAYS[local.weekday()]} {local.year:04d}-{local.month:02d}-{local.day:02d}"
    return f"{date} {local.hour:02d}:{local.minute:02d}{seconds}{fraction}"


def teller(zone: str, near: int | None) -> Tell:
    """Says instants in ``zone``: the time alone on the date of ``near``, else with weekday and date."""
    tz = zones.zone(zone)
    today = zones.moment(near, tz).date() if near is not None else None

    def tell(instant: int) -> str:
        words = clock_words(instant, zone)
        return words.split(" ", 2)[2] if zones.moment(instant, tz).date() == today else words

    return tell


def tell_of(session: Session) -> Tell:
    """Says instants as seen from the session's clock."""
    return teller(zone_in(session), session.case.now)


def short_teller(zone: str, now: int) -> Tell:
    """Says instants in few characters: the time alone on the clock's date, and no year that is the clock's."""
    today = clock_words(now, zone).split(" ")[1]

    def tell(instant: int) -> str:
        weekday, date, time = clock_words(instant, zone).split(" ")
        return time if date == today else f"{weekday} {date[5:] if date[:4] == today[:4] else date} {time}"

    return tell


def rule_named(contract: Contract, name: str) -> Rule | None:
    """The rule of that name, of the latest version that has it."""
    every = (rule for terms in reversed(contract.versions) for rule in with_verdicts(terms))
    return next((rule for rule in every if rule.name == name), None)


def of_subject(evaluation: Evaluation, subject: str) -> tuple[Verdict, ...]:
    """The verdicts on one subject, in their order."""
    return tuple(verdict for verdict in evaluation.verdicts if verdict.subject == subject)


def subjects_of(case: Case) -> tuple[str, ...]:
    """Everything that something has happened to, in the order in which it was first named."""
    return tuple(dict.fromkeys(event.subject for event in case.events))
