"""How the agreement stands as time goes on: its statuses, its allowances, whether it is over (R20, R25, R34)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from tests.oracle_of_agreements.asking import Answer, Scene, all_of, ask, version_at
from tests.oracle_of_agreements.dates import date_of, day_start, moved
from tests.oracle_of_agreements.life import Life, Standing, Term
from tests.oracle_of_agreements.policy import Happening, Move, Policy, Prohibition, Right, Role
from tests.oracle_of_agreements.things import Open, Owed, Row


class Living:
    """Everything about one agreement, and the tickets under it, at one instant."""

    def __init__(self, policy: Policy, log: Sequence[Happening]) -> None:
        self.policy, self.log = policy, log
        self.names = list(dict.fromkeys(status.name for status in policy.statuses))
        self.at = min(one.at for one in log) - 1
        self.first = min((one.at for one in log if one.subject == "A1"), default=None)
        allowances = [one.name for one in policy.allowances]
        self.life = Life(policy, {name: Standing(name) for name in self.names},
                         dict.fromkeys(allowances, Fraction(0)), {name: [] for name in allowances})  # fmt: skip
        self.facts: dict[str, Any] = {}
        self.past: list[Happening] = []
        self.entered: list[tuple[str, str]] = []
        self.perhaps: dict[tuple[str, str | None], frozenset[str]] = {}
        """What may have been entered now, and in which status a term may have begun (without a state)."""
        self.moved_by: dict[str, str] = {}
        self.owed: list[Owed] = []
        self.rows: list[Row] = []
        self.open: list[Open] = []
        self.breaks: list[tuple[Prohibition, Happening, Answer]] = []
        self.checked: list[tuple[Right | Role, Happening, Answer]] = []
        self.people: dict[str, dict[str, Answer]] = {one.name: {} for one in policy.roles}
        self.vacated = dict.fromkeys(self.people, 0)
        self.now: list[Happening] = []
        self.counts: dict[tuple[str, str], int] = {}
        self.arisen = 0

    # ---- time

    def next_instant(self) -> int | None:
        """The first instant after this one at which anything can happen."""
        times = [one.at for one in self.log]
        for name in self.names:
            times += [when for when, _ in self.ways_out(name)]
            times += [at for term in self.life.standings[name].terms for at in (term.begins, term.until) if at]
        pending = [one for one in self.owed if one.state == "pending"]
        times += [at for one in pending for at in (one.due, one.unknown_at, *one.warns.values()) if at is not None]
        times += [row.next[0] for row in self.rows if row.next is not None and not row.over]
        times += [one.lapses for one in self.open if one.state == "open" and one.lapses is not None]
        if self.policy.amended_on is not None:
            times.append(self.amended())
        return min((at for at in times if at > self.at), default=None)

    def ways_out(self, name: str) -> list[tuple[int, Move]]:
        """When time alone may move a status on, by the terms in force when its state began (R20, R27)."""
        standing = self.life.standings[name]
        if standing.state is None:
            return []
        found = []
        where = self.policy.zone
        for move in self.life.states(name, version_at(self.policy, standing.since))[standing.state].moves:
            if move.after is not None:
                found.append((day_start(where, moved(date_of(where, standing.since), move.after)), move))
            elif move.event is None and standing.terms and standing.terms[-1].until is not None:
                found.append((standing.terms[-1].until, move))
        return sorted(found, key=lambda one: one[0])

    # ---- statuses

    def scene(
        self, at: int | None = None, said: dict[str, Any] | None = None, status: str | None = None,
        root: int | None = None,
    ) -> Scene:  # fmt: skip
        at = self.at if at is None else at
        happened = [(one.at, one.type) for one in self.past if one.at <= at and one.subject == "A1"]
        return Scene(self.policy, at, self.life, said or {}, self.facts, happened, status, root)

    def time_moves(self) -> None:
        """What time alone makes of the statuses now: asked of what was so just before."""
        for _ in range(10):
            moves = []
            for name in self.names:
                standing = self.life.standings[name]
                for when, move in self.ways_out(name):
                    due = max(when, standing.since)
                    if due > self.at or (due < self.at and when < self.at):
                        continue
                    holds = True if move.condition is None else ask(move.condition, self.scene(when - 1, None, name))
                    if holds is not False:
                        moves.append((name, when, move, holds))
                        break
            for name, when, move, holds in moves:
                self.enter(name, move.to, holds, when, by_event=False)
            if not moves:
                return

    def event_moves(self, event: Happening) -> None:
        version = version_at(self.policy, self.at)
        for name in self.names:
            standing = self.life.standings[name]
            states = self.life.states(name, version)
            if not standing.begun:
                if event.type == "started":
                    self.enter(name, next(iter(states)), True, self.at, by_event=True)
                continue
            if standing.state is None:
                continue
            for move in states[standing.state].moves:
                whoever = event.actor is None and move.by is not None
                if move.event != event.type or (move.by not in (None, event.actor) and not whoever):
                    continue
                holds = ask(move.condition, self.scene(None, event.facts, name)) if move.condition else True
                if whoever and holds is not False:  # R23: nobody knows by whom it was
                    holds = frozenset({f"actor of {event.id}"}) | (holds if isinstance(holds, frozenset) else set())
                if holds is not False:
                    since = self.at
                    if standing.terms and self.life.worded(name, version).from_expiry:
                        since = standing.terms[-1].until or self.at
                    self.enter(name, move.to, holds, since, by_event=True)
                    self.moved_by[name] = event.type
                    break

    def enter(self, name: str, state: str, holds: Answer, since: int, by_event: bool) -> None:
        standing = self.life.standings[name]
        standing.begun, standing.since = True, self.at
        standing.first = self.at if standing.first is None else standing.first
        if holds is not True:
            assert isinstance(holds, frozenset)
            standing.state, standing.wanted = None, holds
            self.perhaps[name, state] = holds
            lasts = self.life.states(name, version_at(self.policy, self.at))[state].lasts
            spared = by_event or self.over(self.at, True) != "terminated"
            if lasts is not None and since <= self.at and spared:
                self.perhaps[name, None] = holds
            return
        standing.state = state
        lasts = self.life.states(name, version_at(self.policy, self.at))[state].lasts
        self.entered.append((name, state))
        if lasts is not None:
            where = self.policy.zone
            until = day_start(where, moved(date_of(where, since), lasts))
            standing.terms.append(Term(since, until, self.at, by_event))

    # ---- people

    def people_change(self, event: Happening) -> None:
        """Free places are filled by who designates; those that somebody left, by who replaces."""
        who = str(event.facts.get("who", ""))
        for role in self.policy.roles if who else ():
            there, left = self.people[role.name], self.vacated[role.name]
            replaces = event.actor in (None, role.replaceable_by or role.designated_by)
            if event.type == "contact_removed" and replaces and who in there:
                del there[who]
                self.vacated[role.name] += 1
            if event.type != "contact_designated":
                continue
            written = event.facts.get("written")
            form: Answer = True if not role.in_writing else frozenset({"written"}) if written is None else written
            if form is False:
                continue
            free = who in there or role.most is None or len(there) + left < role.most
            doubted = [answer for answer in there.values() if answer is not True]
            if not free and role.most is not None and len(there) + left - len(doubted) < role.most:
                form, free = all_of([form, *doubted]), True
            if free and event.actor in (None, role.designated_by):
                there[who] = True if there.get(who) is True else form
            elif who not in there and left and replaces:
                there[who] = form
                self.vacated[role.name] -= 1

    # ---- allowances (R34)

    def first_terms(self) -> list[Term]:
        return next((self.life.standings[one].terms for one in self.names if self.life.standings[one].terms), [])

    def terms_end(self, before: int) -> None:
        """What is unused is lost when the term ends, or another begins before its end."""
        terms = self.first_terms()
        cut_off = [any(then.since < (one.until or self.at) for then in terms[n + 1 :]) for n, one in enumerate(terms)]
        ends = any(
            term.until is not None and before < max(term.until, term.known) <= self.at
            for term, cut in zip(terms, cut_off, strict=True) if not cut
        )  # fmt: skip
        begun = [(term, then) for term, then in pairwise(terms) if before < then.since <= self.at]
        renewed = any(then.since < (term.until or self.at) for term, then in begun)
        if ends or renewed:
            for allowance in self.policy.allowances:
                if not allowance.carries_over:
                    self.life.left[allowance.name] = Fraction(0)

    def move_allowances(self) -> None:
        for allowance in self.policy.allowances:
            name = allowance.name
            for one in self.now:
                if one.type == allowance.fills and one.subject == "A1":
                    self.life.left[name] = _plus(self.life.left[name], one.facts.get(allowance.fact), allowance.fact)
            for one in self.now:
                if one.type == allowance.draws:
                    self.draw(allowance.name, allowance.drawn, allowance.draws_if, one)
            if not allowance.carries_over and any(one.type == "terminated" for one in self.now):
                self.life.left[name] = Fraction(0)

    def draw(self, name: str, fact: str, conditions: Sequence[Any], one: Happening) -> None:
        counts = all_of([ask(condition, self.scene(None, one.facts)) for condition in conditions])
        left = self.life.left[name]
        much = one.facts.get(fact)
        if counts is False:
            return
        if counts is True and much is not None and isinstance(left, Fraction):
            covered = min(Fraction(much), left)
            self.life.left[name] = left - covered
            self.life.draws[name].append((one.id, covered, Fraction(much) - covered))
            return
        self.life.draws[name].append((one.id, Fraction(0) if left == 0 else None, None))
        if left != 0:
            wanted = counts if isinstance(counts, frozenset) else frozenset({fact} if much is None else ())
            self.life.left[name] = wanted | (left if isinstance(left, frozenset) else frozenset())

    # ---- whether it is over (R25)

    def over(self, at: int, acting: bool) -> str | frozenset[str] | None:
        """What has ended the agreement: time, or its termination."""
        ended: int | None = None
        for one in self.past:
            if one.subject != "A1" or one.at > at or (one.at == at and acting):
                continue
            if one.type == "started" and ended is not None:
                ended = None
            elif one.type == "terminated":
                ended = one.at
        if ended is not None:
            begun = [t.known for s in self.life.standings.values() for t in s.terms if t.by_event and t.known > ended]
            if not any(known < at or not acting for known in begun):
                return "terminated"
        standing = next((s for s in self.life.standings.values() if any(t.since <= at for t in s.terms)), None)
        if standing is None or any(t.until is None or t.until > at for t in standing.terms):
            return None
        return standing.wanted or "term"

    def amended(self) -> int:
        assert self.policy.amended_on is not None
        return day_start(self.policy.zone, date.fromisoformat(self.policy.amended_on))


def _plus(left: Fraction | frozenset[str], more: Any, fact: str) -> Fraction | frozenset[str]:
    if more is None:
        return frozenset({fact}) | (left if isinstance(left, frozenset) else frozenset())
    return left if isinstance(left, frozenset) else left + Fraction(more)
