"""Stakes in sentences: what flips and moves, in whose favour, and one case as the two readings have it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slarules.analysis.tally import OUTCOME
from slarules.documents.moments import due, moment, span
from slarules.model.contract import Contract, with_verdicts
from slarules.model.value import MINUTE, Value
from slarules.model.verdict import Verdict
from slarules.scenario.judging import words_of
from slarules.stakes.words import favour
from slarules.stakes.worth import Change, Effect
from slarules.wording.grammar import capital, counted, finished, listed, quoted

FEW = 12
"""Lines of a table of agreements."""
SAID = {
    "met": "is kept", "reached": "is reached", "kept": "is kept", "breached": "is broken", "missed": "is missed",
    "pending": "is still owed, in time", "suspended": "stands still", "ended": "has ended",
    "could_not_arise": "could not arise", "permitted": "is permitted", "not_permitted": "is not permitted",
    "open": "is open", "elected": "is elected", "lapsed": "has lapsed", "in_scope": "is within the scope",
    "out_of_scope": "is outside the scope",
}  # fmt: skip
"""A verdict's state → how a sentence about it goes on."""


def many(number: int, one: str, more: str) -> str:
    """`1 verdict flips`, `1,200 verdicts flip`."""
    return f"{number:,} {one if number == 1 else more}"


def favours(effect: Effect) -> list[str]:
    """`for Trak: 286 fewer broken`; and how many more cannot be determined, of which nobody has the favour."""
    found = [f"{one} broken" for one in favour(effect)]
    if effect.undetermined:
        word = "more" if effect.undetermined > 0 else "fewer"
        found.append(f"{abs(effect.undetermined):,} {word} undetermined")
    return found


def joined(parts: Sequence[str]) -> str:
    return "; ".join(parts)


def minutes(micros: int) -> str:
    """A length in whole minutes."""
    return f"{micros // MINUTE:,} min" if micros >= MINUTE else "under a minute"


def lateness(effect: Effect) -> str:
    """Lateness in a cell: `+1,259 min, −208 min`."""
    late = effect.lateness
    found = [f"{sign}{minutes(much)}" for sign, much in (("+", late.gained), ("−", late.lost)) if much]
    return ", ".join(found) or "none"


def deadlines(effect: Effect) -> str:
    """Deadlines in a cell: `607 later, by 60 min`."""
    moves = effect.moves
    parts = [f"{much:,} {word}" for much, word in ((moves.later, "later"), (moves.earlier, "earlier")) if much]
    return f"{', '.join(parts)}; the middle one by {minutes(moves.median)}" if parts else "none"


def changed(effect: Effect) -> Iterator[str]:
    """What comes out otherwise, point by point."""
    verdicts = [
        many(found, f"verdict {one}", f"verdicts {more}")
        for found, one, more in ((effect.flips, "flips", "flip"), (effect.arisen, "arises", "arise"),
                                 (effect.vanished, "vanishes", "vanish"))
        if found
    ]  # fmt: skip
    if verdicts:
        doubt = ""
        if effect.doubtful:
            doubt = f"; {effect.doubtful:,} of the flips hang on less than the log can tell"
        yield finished(f"{listed(verdicts)}{doubt}")
    for one in effect.favours:
        turned = [
            many(number, f"{word} verdict turns {to}", f"{word} verdicts turn {to}")
            for number, word, to in ((one.to_broken, "kept", "broken"), (one.to_kept, "broken", "kept"))
            if number
        ]
        balance = ""
        if one.broken:
            side = "in its favour" if one.broken < 0 else "against it"
            balance = f"in all {abs(one.broken):,} {'fewer' if one.broken < 0 else 'more'} are broken, {side}"
        told = joined([part for part in (listed(turned), balance) if part])
        yield finished(f"for what {one.bearer} owes or may do: {told}")
    if effect.undetermined:
        word = "more" if effect.undetermined > 0 else "fewer"
        yield finished(f"{abs(effect.undetermined):,} {word} cannot be determined, for want of facts in the log")
    yield from _time(effect)
    if effect.rules:
        parts = [f"{quoted(name)} ({number:,})" for name, number in effect.rules.items()]
        yield finished(f"it touches {listed(parts)}")


def _time(effect: Effect) -> Iterator[str]:
    moves, late = effect.moves, effect.lateness
    if moves.later or moves.earlier:
        parts = [f"{much:,} {word}" for much, word in ((moves.later, "later"), (moves.earlier, "earlier")) if much]
        which = "later" if moves.largest > 0 else "earlier"
        yield finished(
            f"deadlines that move: {listed(parts)}; the middle one by {span(moves.median)}, the furthest "
            f"{span(abs(moves.largest))} {which}"
        )
    if late.gained or late.lost:
        parts = [f"{minutes(much)} {word}" for much, word in ((late.gained, "more"), (late.lost, "less")) if much]
        yield finished(f"lateness: {listed(parts)}")
    if late.unperformed:
        more = "more" if late.unperformed > 0 else "fewer"
        yield finished(f"{abs(late.unperformed):,} {more} are broken and, as far as is known, never performed")


def standing(effect: Effect) -> Iterator[str]:
    """Money and other values of agreements, point by point; one currency never with another."""
    for currency, (more, less) in effect.money.items():
        parts = [f"{amount} {currency} {word}" for amount, word in ((more, "more"), (less, "less")) if amount]
        yield finished(f"amounts: {listed(parts)}")
    if effect.standings:
        agreements = len({one.agreement for one in effect.standings})
        yield finished(
            f"{many(len(effect.standings), 'value', 'values')} of {counted(agreements, 'agreement')} come out otherwise"
        )


def case(change: Change, base: str, option: str, contract: Contract, zone: str) -> str:
    """One case in sentences, as either reading has it, with both deadlines."""
    one = change.before or change.after
    assert one is not None
    level = f", severity {one.severity}" if one.severity is not None else ""
    said = f"{contract.ticket if _is_ticket(contract, one) else 'case'} {one.subject}, {quoted(one.duty)}{level}. "
    said = capital(said)
    before, after = _as(change.before, zone), _as(change.after, zone)
    said += f"Read as {quoted(base)} it {before}; read as {quoted(option)} it {after}."
    done = [v.performed_at for v in (change.before, change.after) if v is not None and v.performed_at is not None]
    if done and one.rule in ("duty", "target"):
        said += f" It was done on {moment(done[0], zone)}."
    return said


def _is_ticket(contract: Contract, verdict: Verdict) -> bool:
    every = (rule for terms in contract.versions for rule in with_verdicts(terms))
    return next((rule.kind == "ticket" for rule in every if rule.name == verdict.duty), False)


def _as(verdict: Verdict | None, zone: str) -> str:
    if verdict is None:
        return "is not owed at all"
    if verdict.state == "undetermined":
        wanted = f" for want of {listed(quoted(name) for name in verdict.missing)}" if verdict.missing else ""
        return f"cannot be determined{wanted}"
    said = SAID[verdict.state]
    if verdict.deadline is not None and OUTCOME[verdict.state] in ("kept", "broken", "pending"):
        return f"is due {due(verdict.deadline, zone)} and {said}"
    return said


def value(found: Value | None) -> str:
    """What an agreement comes to, as the table shows it."""
    return "not begun" if found is None else words_of(found)
