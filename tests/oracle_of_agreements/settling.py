"""What is known later, performed, ended and overdue, until nothing changes (R1, R4, R6, R9, R10, R19, R23)."""

from __future__ import annotations

from typing import Any

from tests.oracle_of_agreements.asking import Answer, all_of, ask, version_at
from tests.oracle_of_agreements.dates import date_of
from tests.oracle_of_agreements.limits import Due, Passed, after_in, calendar_of, due_of, names_in
from tests.oracle_of_agreements.policy import Choice, Duty, Happening
from tests.oracle_of_agreements.setting_off import SettingOff, by_nobody_knows, term_of
from tests.oracle_of_agreements.things import Open, Owed, Row


class SetOffBefore(Exception):
    """Something follows from an act of before that is known only now to have performed a duty: of this nothing is said.
    """


class Settling(SettingOff):
    """An agreement and what becomes of what it owes."""

    # ---- what is known later (R6, R9)

    def answers(self, fresh: set[str]) -> None:
        for one in list(self.owed):
            if one.state != "undetermined" or one.asked is None:
                continue
            for name in fresh:
                if one.asked.fact(name) is None:
                    one.asked.facts[name] = self.facts[name]
                    one.asked.later.add(name)
            conditions = (*one.duty.only_if, *one.duty.throughout)
            guard = all_of([one.certain or True, *(ask(condition, one.asked) for condition in conditions)])
            if guard is False:  # it never arose (R9)
                self.owed.remove(one)
                continue
            limit = one.duty.limit
            if guard is True and limit is not None and limit[0] in ("each of", "each day"):
                if limit[0] == "each of" and one.asked.fact(limit[1]) is None:
                    one.missing = frozenset({limit[1]})
                    continue
                self.owed.remove(one)
                row = Row(one.duty, one.start, one.cause, one.root, None, over=one.over is not None)
                row.since = self.at
                self.rows.append(row)
                self.next_date(row, one.start, None)
                continue
            found = guard if isinstance(guard, frozenset) else due_of(one.duty.limit, one.start, one.asked,
                                                                      term_of(one.duty))  # fmt: skip
            if isinstance(found, frozenset):
                one.missing = found
                continue
            one.asked, one.missing = None, frozenset()
            if isinstance(found, Passed):
                one.state, one.owed = "could_not_arise", False
                continue
            one.state, one.not_before = "pending", found.not_before
            one.due = None if found.at is None else max(found.at, self.at)
            one.unknown_at = found.unknown_at
            self.warn(one)
            self.past_acts(one, one.set_off if one.cause is None else one.cause.set_off,
                           one.over[0] if one.over else self.at)  # fmt: skip
            if one.over is not None and one.state == "pending":
                one.state, one.owed, one.ended_by = "ended", False, one.over[1]

    def past_acts(self, one: Owed, since: int, until: int) -> None:
        """The first act since then that performs it: it was done before anybody knew that it was owed (R9, R10)."""
        for act in self.past:
            early = one.not_before is not None and act.at < one.not_before
            performs = since <= act.at <= until and act not in self.now and not early and self.performs(one, act)
            if isinstance(performs, frozenset):
                one.unsure.append(performs)
            elif performs:
                one.state, one.owed, one.done = "met", False, act.at
                if act.at < self.at and any(self.follows(one, outcome) for outcome in ("met", "performed")):
                    raise SetOffBefore
                return

    def anew(self, fresh: set[str]) -> None:
        """A date that is recorded anew moves what is pending on it, not before now (R6)."""
        for one in self.owed:
            if one.state != "pending" or not self.rests_on(one.duty, fresh):
                continue
            found = due_of(one.duty.limit, one.start, self.scene(root=one.root), term_of(one.duty))
            if isinstance(found, Due):
                one.due = None if found.at is None else max(found.at, self.at)
            elif isinstance(found, Passed):
                one.due = self.at

    def listed_anew(self, fresh: set[str]) -> None:
        """Dates that are on the list no longer are owed no more; the others run on."""
        for row in self.rows:
            if row.duty.limit is None or row.duty.limit[0] != "each of" or row.duty.limit[1] not in fresh:
                continue
            if row.since == self.at:
                continue
            last = None
            for one in self.owed:
                if one.row is not row:
                    continue
                day = date_of(self.policy.zone, one.set_off)
                if one.state == "pending" and day.isoformat() not in self.facts[row.duty.limit[1]]:
                    one.state, one.owed, one.ended_by = "ended", False, "no promise"
                elif one.ended_by != "no promise":
                    last = day
            self.next_date(row, self.at, last)

    def rests_on(self, duty: Duty, fresh: set[str]) -> bool:
        found: set[str] = set()
        for name in names_in(duty.limit):
            rule = next((one for one in self.policy.amounts if one.name == name), None)
            found |= {name} if rule is None else set(_facts_in(rule.value))
        return bool(found & fresh)

    def milestones(self) -> None:
        """A time that runs from an event begins with it (R33)."""
        for one in self.owed:
            types = after_in(one.duty.limit)
            if one.state == "pending" and types and one.due is None and any(e.type in types for e in self.now):
                found = due_of(one.duty.limit, one.start, self.scene(), None)
                one.due = found.at if isinstance(found, Due) else one.due

    # ---- performance, endings, deadlines, consequences

    def performs(self, one: Owed, act: Happening) -> Answer:
        if act.subject != one.subject or act.type != one.duty.done or act.actor not in (None, one.duty.bearer):
            return False
        asked = [ask(condition, self.scene(act.at, act.facts)) for condition in one.duty.performed_if]
        return all_of([by_nobody_knows(act) or True, *asked])

    def settle(self) -> None:
        for _ in range(50):
            arisen = self.arisen
            changed = self.dates_arise()
            while self.perform():
                changed = True
            changed |= self.end()
            changed |= self.warnings()
            changed |= self.fall_due()
            changed |= self.lapse()
            if not changed or arisen == self.arisen:
                return

    def perform(self) -> bool:
        changed = False
        for one in list(self.owed):
            if one.done is not None or not one.owed or one.state not in ("pending", "breached"):
                continue
            for act in self.now:
                if one.not_before is not None and self.at < one.not_before:
                    continue
                performs = (one.row is None or act not in one.row.served) and self.performs(one, act)
                if isinstance(performs, frozenset) and performs not in one.unsure and one.state == "pending":
                    one.unsure.append(performs)
                if performs is not True:
                    continue
                one.unsure = []
                one.done, one.owed, changed = self.at, False, True
                if one.row is not None:
                    one.row.served.append(act)
                if one.state == "pending" and one.due is not None and self.at > one.due:
                    raise AssertionError("its deadline was passed over")
                if one.state == "pending":
                    one.state = "met"
                    self.follow(one, "met")
                self.follow(one, "performed")
                if one.duty.limit is not None and one.duty.limit[0] == "every" and not self.ends(one):
                    self.next_period(one, self.at)
                break
        return changed

    def next_period(self, one: Owed, start: int) -> None:
        """R4; by the terms at its own start, but of what follows from a breach (R27)."""
        assert one.row is not None
        duty = one.duty
        if one.row.root is None and one.subject == "A1":
            version = version_at(self.policy, start)
            worded = [d for d in self.policy.duties if d.name == duty.name and d.version in (None, version)]
            if not worded:
                return
            duty = worded[0]
        self.begin(one.subject, duty, start, one.cause, one.row.root, one.row.by, one.row)

    def ends(self, one: Owed | Row | Open) -> str | None:
        """What ends it at this instant."""
        duty = one.choice if isinstance(one, Open) else one.duty
        spared = one.spared == self.at or (isinstance(one, Owed) and one.row is not None and one.row.spared == self.at)
        of_agreement = not isinstance(one, Owed) or one.subject == "A1"
        if of_agreement and not spared and any(event.type == "terminated" for event in self.now):
            return "terminated"
        for event in self.now:
            if isinstance(duty, Duty) and event.type in duty.until:
                return event.type
        return None if self.goes_on(duty) else "while"

    def end(self) -> bool:
        changed = False
        for one in self.owed:
            if one.state not in ("pending", "breached", "undetermined") or not one.owed:
                continue
            by = self.ends(one)
            if by is None:
                holds = all_of([ask(condition, self.scene()) for condition in one.duty.throughout])
                if isinstance(holds, frozenset) and one.state == "pending":  # from now on nobody knows (R8)
                    one.state, one.missing, changed = "undetermined", holds, True
                continue
            if one.state == "undetermined":
                one.over = one.over or (self.at, by)
                continue
            changed = True
            one.owed, one.ended_by = False, by
            if one.state == "pending" and one.unsure:  # ended if it was not performed before (R23)
                one.state, one.missing = "undetermined", one.unsure[0]
            one.state = "ended" if one.state == "pending" else one.state
        for row in self.rows:
            row.over = row.over or self.ends(row) is not None
        for choice in self.open:
            if choice.state == "open" and self.ends(choice) is not None:
                choice.state, choice.at, changed = "ended", self.at, True
        return changed

    def fall_due(self) -> bool:
        changed = False
        for one in list(self.owed):
            if one.state == "pending" and one.duty.keeps is not None and self.facts.get(one.duty.keeps) is False:
                one.due = self.at
            if one.state == "pending" and one.unknown_at is not None and one.unknown_at <= self.at:
                calendar = calendar_of(self.policy, (one.duty.limit or ())[-1])
                assert calendar is not None
                one.state, one.missing, changed = "undetermined", calendar.wanted, True
            if one.state != "pending" or one.due is None or one.due > self.at:
                continue
            if one.unsure:
                one.state, one.missing, changed = "undetermined", one.unsure[0], True
                continue
            one.state, changed = "breached", True
            if one.row is not None:
                one.owed = False
                if one.duty.limit is not None and one.duty.limit[0] == "every":
                    self.next_period(one, one.due)
            self.follow(one, "breached")
        return changed

    def warnings(self) -> bool:
        """What is set off when so much of another duty's time is used, under the terms of that duty (R27); nothing
        while an act may have performed that (R9)."""
        changed = False
        for one in [one for one in self.owed if not one.unsure]:
            for name, at in list(one.warns.items()):
                if one.state == "pending" and at <= self.at:
                    del one.warns[name]
                    version = version_at(self.policy, one.root)
                    rule = next(d for d in self.policy.duties if d.name == name and d.version in (None, version))
                    self.arise(rule, None, None, one.root)
                    changed = True
        return changed

    def follows(self, one: Owed, outcome: str) -> list[Duty | Choice]:
        """What an outcome sets off."""
        version = version_at(self.policy, one.root)
        rules: list[Duty | Choice] = [*self.policy.duties, *self.policy.choices]
        return [r for r in rules if r.version in (None, version) and ("outcome", one.duty.name, outcome) in r.triggers]

    def follow(self, one: Owed, outcome: str) -> None:
        """What an outcome sets off, under the terms of what it follows from (R10, R27)."""
        for rule in self.follows(one, outcome):
            known = len(self.owed)
            by = next((a for a in self.past if a.at == one.done and self.performs(one, a) is True), None)
            self.arise(rule, one if outcome == "breached" else None, by, one.root)
            for new in self.owed[known:] if outcome == "breached" else ():
                if new.state == "pending" and (new.row is None or new.duty.limit[0] != "every"):  # type: ignore[index]
                    self.past_acts(new, one.set_off, self.at)

    def lapse(self) -> bool:
        changed = False
        for one in self.open:
            if one.state == "open" and one.lapses is not None and one.lapses <= self.at:
                assert one.choice.lapses is not None
                one.state, one.elected, one.at, changed = "lapsed", one.choice.lapses[1], self.at, True
                self.call_up(one)
        return changed

    def dates_arise(self) -> bool:
        arose = False
        for row in self.rows:
            while row.next is not None and not row.over and row.next[0] <= self.at:
                at, due, day = row.next
                if row.duty.throughout and not self.goes_on(row.duty):
                    row.over = True
                    break
                one = self.begin("A1", row.duty, at, row.cause, row.root, row.by, row)
                assert one is not None
                one.due = due
                calendar = calendar_of(self.policy, row.duty.limit[1] if row.duty.limit is not None else None)
                if calendar is not None and calendar.is_beyond(day):  # nobody knows whether it is open (R30)
                    one.state, one.missing, row.over = "undetermined", calendar.wanted, True
                self.next_date(row, at, day)
                arose = True
        return arose

    def goes_on(self, duty: Duty | Choice) -> bool:
        return all(ask(one, self.scene()) is not False for one in duty.throughout)


def _facts_in(value: Any) -> list[str]:
    if isinstance(value, tuple):
        if len(value) == 2 and value[0] == "fact":
            return [value[1]]
        return [name for part in value for name in _facts_in(part)]
    return []
