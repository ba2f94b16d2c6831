"""Elections and lapses of choices (R22)."""

from __future__ import annotations

from slarules.engine.actors import whose
from slarules.engine.expression import conjunction
from slarules.engine.history import Entry
from slarules.engine.judging.arise import call_up, in_scope, lapse_clock
from slarules.engine.judging.case import Case, Past
from slarules.engine.judging.instance import Election
from slarules.engine.judging.pauses import pauses_since
from slarules.model.rules import Choice
from slarules.model.value import Unknown


def elect(case: Case, entry: Entry) -> None:
    """An election by the party entitled; early, second, wrong-party and post-resolution ones have no effect."""
    for election in case.choosing:
        choice = election.plan.choice
        if not may_be_open(election) or (case.resolution is not None and case.resolution.at < case.now):
            continue
        option = option_of(choice, entry)
        if option is not None and election.state == "open":
            elected(election, option, entry)
            call_up(case, election, option)
        elif option is not None or may_elect(choice, entry):
            called = in_doubt(election, entry)
            call_up(case, election, called, Unknown(election.missing))


def option_of(choice: Choice, entry: Entry) -> str | None:
    """What an event elects of a choice; None: it elects nothing of it, or not by the party entitled."""
    return _option(choice, entry) if choice.elector in (None, entry.actor) else None


def may_elect(choice: Choice, entry: Entry) -> bool:
    """Whether an event elects something of a choice if it is by the party entitled, which nobody recorded (R23)."""
    return choice.elector is not None and entry.actor is None and _option(choice, entry) is not None


def may_be_open(election: Election) -> bool:
    """Whether it may be elected: it is open, or nobody knows whether it has been elected before (R23)."""
    return election.state == "open" or (is_doubtful(election) and election.at is None and not election.settled)


def is_doubtful(election: Election) -> bool:
    """Whether it was open, and nobody knows whether it was elected."""
    return election.state == "undetermined" and election.snapshot is None


def in_doubt(election: Election, entry: Entry) -> str:
    """From now on nobody knows whether it was elected, or by which of several elections (R23); gives the option that
    may have been."""
    choice = election.plan.choice
    election.settled = option_of(choice, entry) is not None  # if no other was before, this one was
    election.missing |= frozenset() if election.settled else whose(entry)
    election.state, election.snapshot = "undetermined", None
    return str(_option(choice, entry))


def _option(choice: Choice, entry: Entry) -> str | None:
    if entry.type != ("agreed" if choice.elector is None else "elected"):
        return None
    option = entry.facts.get(choice.name)
    if option is None and entry.facts.get("choice", choice.name) == choice.name:
        option = entry.facts.get("option")
    return str(option) if option in {name for name, _ in choice.options} else None


def elected(election: Election, option: str, entry: Entry) -> None:
    """The option is the one that is owed from the election on."""
    election.state, election.elected, election.at = "elected", option, entry.at
    election.events.append(entry.id)


def lapses(case: Case) -> bool:
    changed = False
    for election in case.choosing:
        if not may_be_open(election) or election.lapses_at is None or election.lapses_at > case.now:
            continue
        changed, otherwise = True, str(election.plan.choice.otherwise)
        if election.state == "open":
            election.state, election.elected, election.at = "lapsed", otherwise, case.now
            call_up(case, election, otherwise)
        else:
            election.settled = True
            call_up(case, election, otherwise, Unknown(election.missing))
    return changed


def answer_choice(case: Case, election: Election) -> None:
    """R9: what was recorded now may tell whether it was ever open."""
    assert election.snapshot is not None
    snapshot, plan = election.snapshot, election.plan
    past = Past(case, snapshot)
    guard = conjunction((plan.only_if, plan.whiles, lambda s: in_scope(past), lambda s: snapshot.certain))(past)
    if guard is False:
        case.elections.remove(election)
        case.choosing.remove(election)
        case.counts[election.plan.name] -= 1
        for later in case.elections:
            if later.plan is election.plan and later.number > election.number:
                later.number -= 1
    elif guard is True and election.at is not None:
        election.state, election.missing = "ended", frozenset()  # with its ticket, while nobody knew that it was open
        _lapse_clock_since(case, election, election.at)
    elif guard is True:
        election.state, election.missing = "open", frozenset()
        _lapse_clock_since(case, election, case.now)
        if election.lapses_at is not None:
            election.lapses_at = max(election.lapses_at, case.now)  # R6: not before the answer
    else:
        assert isinstance(guard, Unknown)
        election.missing = guard.missing


def _lapse_clock_since(case: Case, election: Election, until: int) -> None:
    """The time to elect from the trigger on; it stood still while the ticket was resolved (R7)."""
    lapse_clock(case, election)
    if election.clock is None:
        return
    for since, again, _ in pauses_since(case, None, election.triggered_at):
        if since < until:
            election.clock.stop(since)
            election.clock.run(again) if again is not None else None
    election.lapses_at = election.clock.deadline()
