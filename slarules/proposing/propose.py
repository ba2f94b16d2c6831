"""Scenarios proposed for each duty: at the deadline and beside it, over weekends, holidays and changes of clocks, with
a pause and with a change of severity; each with what the engine sees, to be confirmed by whoever knows the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import define, field, frozen

from slarules.model.contract import Contract
from slarules.model.limit import Continuously
from slarules.model.rules import Duty
from slarules.model.value import HOUR, MINUTE
from slarules.proposing.needs import at_once
from slarules.proposing.occasions import Nothing, occasions, over
from slarules.proposing.playing import Deed, Played, instances
from slarules.proposing.plots import failing, performing, plot_for
from slarules.proposing.setting import Setting, settings
from slarules.proposing.sheet import Sheet, part_of
from slarules.scenario.writing import CannotBeWritten, supplied_words

MONTH = 30 * 24 * HOUR
NO_DEADLINE = "it has no deadline"

Write = Callable[[Sheet], None]
"""Writes a scenario's lines below what leads to the instance."""


@frozen
class Proposal:
    """What is proposed for one duty or target."""

    duty: Duty
    scenarios: tuple[tuple[str, str], ...]
    """Title and text."""
    left_out: tuple[tuple[str, str], ...]
    """What was not proposed, and why."""


@define(eq=False)
class Desk:
    """Where the scenarios of one duty are written."""

    setting: Setting
    duty: Duty
    act: Deed | None
    """What performs it; None: nothing was found that does."""
    scenarios: list[tuple[str, str]] = field(factory=list)
    left_out: list[tuple[str, str]] = field(factory=list)

    def write(self, what: str, played: Played, write: Write) -> None:
        """One scenario, in the contract's zone; in UTC where clocks there show a time twice."""
        title = f"{self.duty.name}: {what}".replace('"', "'")
        given = played.plot.readings.items()
        head = [f"reading {name} is {option}" for name, option in given] + supplied_words(played.supplied)
        stated = self.setting.adopted.zone
        reason = ""
        for zone in (stated, "UTC") if stated not in (None, "UTC") else ("UTC",):
            sheet = Sheet(zone or "UTC", played, played.verdict.number)
            try:
                sheet.tell()
                write(sheet)
            except CannotBeWritten as why:
                reason = str(why)
                continue
            self.scenarios.append((title, sheet.text(title, head, "" if zone == stated else f" in {zone}")))
            return
        self.left_out.append((what, reason))


def propose(contract: Contract, only: tuple[str, ...] = ()) -> Iterator[Proposal]:
    """Proposals for each duty and target, or those of ``only`` these names, in the contract's order."""
    every = {name: None for terms in contract.versions for name in terms.duties}
    for name in every:
        if only and name not in only:
            continue
        version = max(n for n, terms in enumerate(contract.versions) if name in terms.duties)
        yield _of_duty(contract, version, contract.versions[version].duties[name])


def _of_duty(contract: Contract, version: int, duty: Duty) -> Proposal:
    tried = 0
    for setting in settings(contract, version, duty.name):
        played = plot_for(setting, duty.name)
        tried = setting.tried[0]
        if played is None:
            continue
        desk = Desk(setting, setting.terms.duties[duty.name], performing(setting, played))
        if at_once(desk.duty):
            _at_once(desk, played)
        elif played.due is None:
            _without_deadline(desk, played)
        else:
            _with_deadline(desk, played, played.due)
        return Proposal(duty, tuple(desk.scenarios), tuple(desk.left_out))
    why = f"it comes to be in none of the {tried} tales that were tried"
    why = why if tried else "no facts were found under which its conditions hold"
    return Proposal(duty, (), (("anything", why),))


# ---- With a deadline ------------------------------------------------------------------------------------------


def _with_deadline(desk: Desk, played: Played, due: int) -> None:
    if desk.act is None:
        for what in ("performed at the deadline", "performed a microsecond before or after it"):
            desk.left_out.append((what, "no act was found that performs it"))
    else:
        act = desk.act
        for what, at in (
            ("performed at the deadline", due),
            ("performed a microsecond before the deadline", due - 1),
            ("performed a microsecond after the deadline", due + 1),
        ):
            desk.write(what, played, lambda sheet, at=at: _done_at(sheet, act, at))  # type: ignore[misc]
    desk.write("never performed", played, lambda sheet: _never(sheet, due))
    for occasion in occasions(desk.setting.adopted, played.verdict.calendar, desk.setting.monday):
        if isinstance(occasion, Nothing):
            desk.left_out.append((occasion.name, occasion.reason))
            continue
        again = over(played, occasion, desk.setting.zone)
        if again is None:
            desk.left_out.append((occasion.name, "its time never runs over one, whenever it begins"))
        else:
            desk.write(occasion.name, again, lambda sheet: _to_the_end(sheet, desk.act))
    _paused(desk, played, due)
    _severity(desk, played)


def _done_at(sheet: Sheet, act: Deed, at: int) -> None:
    sheet.look(sheet.played.at)
    sheet.happen(act, at)
    sheet.look(at)


def _never(sheet: Sheet, due: int) -> None:
    sheet.look(due - 1)
    sheet.look(due)


def _to_the_end(sheet: Sheet, act: Deed | None) -> None:
    """What is seen now; and, if a deadline stands, performed at it, or not at all."""
    at = max(sheet.near or 0, sheet.played.at)
    sheet.look(at)
    now = [v for v in instances(sheet.played, at) if v.number == sheet.number]
    due = now[0].deadline if now and now[0].state == "pending" else None
    if due is None:
        return
    if act is not None:
        sheet.happen(act, due)
    sheet.look(due)


def _paused(desk: Desk, played: Played, due: int) -> None:
    if desk.duty.kind != "ticket":
        desk.left_out.append(("with a pause", f"{_article(desk.duty.kind)} waits on nobody"))
        return
    assert isinstance(desk.duty.paused_on, tuple)
    on = (*desk.duty.paused_on, desk.setting.party("customer"))[0]
    by = desk.setting.party("provider")
    waiting = Deed("waiting", played.plot.subject, "ticket", by, {"on": on})
    resumed = Deed("resumed", played.plot.subject, "ticket", by)
    stops = part_of(played.at, due, 4)

    def write(sheet: Sheet) -> None:
        sheet.happen(waiting, stops)
        sheet.look(stops)
        still = [v for v in instances(sheet.played, stops) if v.number == sheet.number and v.state == "suspended"]
        sheet.happen(resumed, due + 30 * MINUTE if still else part_of(stops, due, 2))
        _to_the_end(sheet, desk.act)

    counts = bool(desk.duty.paused_on)
    desk.write(f"waiting on {on}" + ("" if counts else ", which is no pause for it"), played, write)


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _severity(desk: Desk, played: Played) -> None:
    severities = desk.setting.terms.severities
    if desk.duty.kind != "ticket" or severities is None:
        why = "the contract has no severities" if severities is None else f"{_article(desk.duty.kind)} has no severity"
        desk.left_out.append(("with a change of severity", why))
        return
    levels = tuple(level.name for level in severities.levels)
    for word, fitting, step in (("graver", levels[1:], -1), ("milder", levels[:-1], 1)):
        own = played if played.verdict.severity in fitting else None
        begun = own or (plot_for(desk.setting, desk.duty.name, fitting) if fitting else None)
        if begun is None or begun.due is None or begun.verdict.severity not in fitting:
            why = f"it comes to be at no severity from which it could become {word}"
            desk.left_out.append((f"severity becomes {word}", why))
            continue
        was = str(begun.verdict.severity)
        now = levels[levels.index(was) + step]
        who = severities.changed_by if isinstance(severities.changed_by, tuple) else ()
        by = who[0] if who else desk.setting.party("customer")
        change = Deed("severity_changed", begun.plot.subject, "ticket", by, {"severity": now})
        at = part_of(begun.at, begun.due, 16)

        def write(sheet: Sheet, change: Deed = change, at: int = at) -> None:
            sheet.look(sheet.played.at)
            sheet.happen(change, at)
            _to_the_end(sheet, desk.act)

        desk.write(f"severity {was} becomes {now}", begun, write)


# ---- Without one, and with one that is there at once ----------------------------------------------------------


def _without_deadline(desk: Desk, played: Played) -> None:
    """Done after an hour, never, and broken where something was to be kept."""
    duty, kept = desk.duty, desk.duty.keeps
    if kept is not None or isinstance(duty.limit, Continuously):
        fact = kept or ""
        if fact:
            broken = Deed("recorded", played.plot.subject, duty.kind, duty.counterparty, {fact: False})
            desk.write("not kept any more", played, lambda sheet: _done_at(sheet, broken, sheet.played.at + HOUR))
    if desk.act is not None:
        act = desk.act
        desk.write("performed after an hour", played, lambda sheet: _done_at(sheet, act, sheet.played.at + HOUR))
    what = "never broken" if kept is not None else "never performed"
    desk.write(what, played, lambda sheet: sheet.look(sheet.played.at + MONTH))
    for what in ("at the deadline and a microsecond beside it", "over a weekend, a holiday or a change of clocks",
                 "with a pause or a change of severity"):  # fmt: skip
        desk.left_out.append((what, NO_DEADLINE))


def _at_once(desk: Desk, played: Played) -> None:
    """Its trigger performs it, or breaks it."""
    desk.write("performed by what sets it off", played, lambda sheet: sheet.look(sheet.played.at))
    broken = failing(desk.setting, played)
    if broken is None:
        desk.left_out.append(("not performed", "no facts were found under which its trigger does not perform it"))
    else:
        desk.write("not performed by what sets it off", broken, lambda sheet: sheet.look(sheet.played.at))
    for what in ("a microsecond beside the deadline", "over a weekend, a holiday or a change of clocks",
                 "with a pause or a change of severity"):  # fmt: skip
        desk.left_out.append((what, "it is due at the very instant of its trigger"))
