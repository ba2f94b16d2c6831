"""What is set off: duties, dates and choices; what is checked against rights and prohibitions (R8, R21, R22, R35)."""

from __future__ import annotations

from copy import deepcopy
from datetime import date

from tests.oracle_of_agreements.asking import Answer, Scene, all_of, ask, version_at
from tests.oracle_of_agreements.dates import after_hours, date_of, day_start, days_from, end_of, moved
from tests.oracle_of_agreements.limits import Passed, calendar_of, due_of
from tests.oracle_of_agreements.living import Living
from tests.oracle_of_agreements.policy import Choice, Duty, Happening, Right, Span, Trigger
from tests.oracle_of_agreements.things import Open, Owed, Row


class SettingOff(Living):
    """An agreement and what its events, its states and its terms set off."""

    def triggers(self, before: int) -> None:
        rules: list[Duty | Choice] = [*self.policy.duties, *self.policy.choices]
        version = version_at(self.policy, self.at)
        for rule in rules:
            if rule.version not in (None, version):
                continue
            if isinstance(rule, Duty) and not rule.triggers and rule.option_of is None and self.stands(rule):
                self.arise(rule, None, None, None)
            for trigger in rule.triggers:
                for event in self.set_off(trigger, before):
                    unclear = trigger[0] == "event" and trigger[2] is not None and event is not None
                    certain = by_nobody_knows(event) if unclear and event is not None else frozenset()
                    if trigger[0] == "state":
                        certain = self.perhaps.get((trigger[1], trigger[2]), certain)
                    elif trigger[0] == "term":
                        certain = self.perhaps.get((trigger[1], None), certain)
                    known = len(self.owed), len(self.rows), len(self.open)
                    self.arise(rule, None, event, None, certain)
                    by_state = trigger[0] == "state" and self.moved_by.get(trigger[1]) == "terminated"
                    if by_state or (event is not None and event.type == "terminated"):
                        found: list[Owed | Row | Open] = [*self.owed[known[0] :], *self.rows[known[1] :]]
                        found += self.open[known[2] :]
                        for new in found:
                            new.spared = self.at
        for one in self.now:
            self.forbid_and_check(one, version)
            self.elect(one)

    def stands(self, duty: Duty) -> bool:
        """Whether a duty without a trigger begins now: with the agreement, or with the clause that brings it in."""
        begun = [one.first for one in self.life.standings.values() if one.first is not None]
        if not begun:
            return False
        there = [one.version for one in self.policy.duties if one.name == duty.name]
        brought_in = duty.version == 1 and 0 not in there and version_at(self.policy, min(begun)) == 0
        return self.at == (self.amended() if brought_in else min(begun))

    def set_off(self, trigger: Trigger, before: int) -> list[Happening | None]:
        """The events by which a trigger is pulled now; None: by time."""
        own = [one for one in self.now if one.subject == "A1"]
        match trigger:
            case ("event", "opened", _):
                return [one for one in self.now if one.type == "opened"]
            case ("event", type, party):
                return [one for one in own if one.type == type and (party in (None, one.actor) or one.actor is None)]
            case ("state", status, state):
                return [None for one in [*self.entered, *self.perhaps] if one == (status, state)]
            case ("term", status):
                found: list[Happening | None] = [None] if (status, None) in self.perhaps else []
                for term in self.life.standings[status].terms:
                    reinstates = term.by_event or self.over(self.at, True) != "terminated"
                    if before < term.begins <= self.at and reinstates:
                        found.append(None)
                return found
            case ("both", first, second):
                return self.jointly(first, second, own)
        return []

    def jointly(self, first: str, second: str, own: list[Happening]) -> list[Happening | None]:
        """R35: by the later of the two events."""
        types = [one.type for one in self.past if one.subject == "A1"]
        seen = types[: len(types) - len(own)]
        found: list[Happening | None] = []
        for one in own:
            complete = {first, second} <= {*seen, one.type} and one.type in (first, second)
            if complete and not {first, second} <= set(seen):
                found.append(one)
            seen.append(one.type)
        return found

    def arise(
        self, rule: Duty | Choice, cause: Owed | None, event: Happening | None, root: int | None,
        certain: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        subject = event.subject if event is not None else cause.subject if cause is not None else "A1"
        scene = self.scene(None, event.facts if event is not None else None)
        asked = [ask(one, scene) for one in (*getattr(rule, "only_if", ()), *rule.throughout)]
        guard = all_of([certain or True, *asked])
        if guard is False:
            return
        start = cause.due if cause is not None and cause.due is not None else self.at
        self.arisen += 1
        if isinstance(rule, Choice):
            if guard is not True:
                raise AssertionError("whether a choice is open is not known")
            where = self.policy.zone
            lapses = None
            if rule.lapses is not None:
                lapses = end_of(where, moved(date_of(where, start), Span(rule.lapses[0])))
            self.open.append(Open(rule, start, self.at if root is None else root, lapses))
            return
        if isinstance(guard, frozenset):
            self.unknown(subject, rule, start, cause, root, guard, event)
            self.owed[-1].certain = certain
            return
        match rule.limit:
            case ("each day", _) | ("each of", _):
                if rule.limit[0] == "each of" and scene.fact(rule.limit[1]) is None:
                    self.unknown(subject, rule, start, cause, root, frozenset({rule.limit[1]}), event)
                    return
                row = Row(rule, start, cause, root, event)
                self.rows.append(row)
                self.next_date(row, start, None)
            case ("every", _, _):
                row = Row(rule, start, cause, root, event)
                self.rows.append(row)
                self.begin(subject, rule, start, cause, root, event, row)
            case _:
                self.begin(subject, rule, start, cause, root, event, None)

    def number(self, subject: str, duty: str) -> int:
        self.counts[subject, duty] = self.counts.get((subject, duty), 0) + 1
        return self.counts[subject, duty]

    def unknown(
        self, subject: str, duty: Duty, start: int, cause: Owed | None, root: int | None, wanted: frozenset[str],
        event: Happening | None,
    ) -> None:  # fmt: skip
        scene = deepcopy(self.scene(None, event.facts if event is not None else None, None, root))
        number = self.number(subject, duty.name)
        self.owed.append(Owed(subject, duty, self.at, start, cause, self.at if root is None else root, number,
                              state="undetermined", missing=wanted, asked=scene))  # fmt: skip

    def begin(
        self, subject: str, duty: Duty, start: int, cause: Owed | None, root: int | None, event: Happening | None,
        row: Row | None,
    ) -> Owed | None:  # fmt: skip
        scene = self.scene(None, event.facts if event is not None else None, None, root)
        found = due_of(duty.limit, start, scene, term_of(duty))
        if isinstance(found, frozenset):
            self.unknown(subject, duty, start, cause, root, found, event)
            return None
        number = self.number(subject, duty.name)
        set_off = start if row is not None else self.at
        one = Owed(subject, duty, set_off, start, cause, set_off if root is None else root, number, row=row)
        if isinstance(found, Passed):
            one.state, one.owed = "could_not_arise", False
        else:
            one.due, one.not_before, one.unknown_at = found.at, found.not_before, found.unknown_at
            self.warn(one)
        self.owed.append(one)
        self.arisen += 1
        return one

    def warn(self, one: Owed) -> None:
        """When its warnings are due: when so much of its time is used; each is given once."""
        limit = one.duty.limit
        version = version_at(self.policy, one.root)
        for rule in self.policy.duties if limit is not None and limit[0] == "hours" else ():
            for trigger in rule.triggers if rule.version in (None, version) else ():
                if trigger[0] == "used" and trigger[1] == one.duty.name:
                    assert limit is not None
                    counted = calendar_of(self.policy, limit[2])
                    at = after_hours(self.policy.zone, counted, one.start, limit[1], trigger[2])
                    one.warns[rule.name] = max(at, self.at)

    # ---- recurring by dates (R4)

    def next_date(self, row: Row, start: int, last: date | None) -> None:
        where, row.next = self.policy.zone, None
        assert row.duty.limit is not None
        kind, name = row.duty.limit[0], row.duty.limit[1]
        if kind == "each day":
            calendar = calendar_of(self.policy, name)
            assert calendar is not None
            for day, first, closing in days_from(where, calendar, date_of(where, start)):
                if first >= start and (last is None or day > last):
                    row.next = max(day_start(where, day), start), closing, day
                    return
        listed = sorted(date.fromisoformat(one) for one in self.facts.get(name, ())) if kind == "each of" else []
        for day in listed:
            if end_of(where, day) > start and (last is None or day > last):
                row.next = max(day_start(where, day), start), end_of(where, day), day
                return

    def elect(self, event: Happening) -> None:
        for one in self.open:
            if one.state != "open" or event.type != "elected" or event.actor not in (None, one.choice.of):
                continue
            option = event.facts.get(one.choice.name)
            if option in dict(one.choice.options) and event.actor is None:
                one.state = "undetermined"  # R23: nobody knows by whom it was
            elif option in dict(one.choice.options):
                one.state, one.elected, one.at = "elected", option, self.at
                self.call_up(one)

    def call_up(self, one: Open) -> None:
        name = dict(one.choice.options)[one.elected or ""]
        version = version_at(self.policy, one.root)
        duty = next(d for d in self.policy.duties if d.name == name and d.version in (None, version))
        self.arise(duty, None, None, one.root)

    def forbid_and_check(self, event: Happening, version: int) -> None:
        if event.subject != "A1":
            return
        scene = self.scene(None, event.facts)
        for ban in self.policy.prohibitions:
            if ban.version not in (None, version) or event.type != ban.done:
                continue
            if ban.bearer is not None and event.actor not in (None, ban.bearer):
                continue
            who = by_nobody_knows(event)
            over = None if ban.survives else self.over(self.at, True)
            if isinstance(over, str):
                continue
            broken = all_of([who or True, over or True, *(_not(ask(one, scene)) for one in ban.unless)])
            if broken is not False:
                self.breaks.append((ban, event, broken))
        for role in self.policy.roles:
            if event.type == role.done and event.actor in (None, "Client"):
                caller = scene.fact("caller")
                within = frozenset({"caller"}) if caller is None else self.people[role.name].get(caller, False)
                self.checked.append((role, event, all_of([by_nobody_knows(event) or True, within])))
        for right in self.policy.rights:
            if right.version not in (None, version) or event.type != right.done:
                continue
            if not right.only and event.actor not in (None, right.holder):
                continue
            answers = [ask(one, scene) for one in right.only_if]
            answers.append(by_nobody_knows(event) or event.actor == right.holder)
            if right.during is not None:
                answers.append(ask(("open", right.during), scene))
            if right.notice is not None:
                answers.append(self.noticed(right, scene))
            self.checked.append((right, event, all_of(answers)))

    def noticed(self, right: Right, scene: Scene) -> Answer:
        assert right.notice is not None
        much, name = right.notice
        told = scene.fact(name)
        if told is None:
            return frozenset({name})
        where, day = self.policy.zone, date.fromisoformat(told)
        if isinstance(much, Span):
            return moved(date_of(where, self.at), much) <= day
        return bool(self.at + much * 3_600_000_000 <= day_start(where, day))


def by_nobody_knows(event: Happening) -> frozenset[str]:
    """What is wanted where nobody recorded who did it; else nothing (R23)."""
    return frozenset() if event.actor is not None else frozenset({f"actor of {event.id}"})


def _not(answer: Answer) -> Answer:
    return answer if isinstance(answer, frozenset) else not answer


def term_of(duty: Duty) -> str | None:
    return next((one[1] for one in duty.triggers if one[0] in ("term", "state")), None)
