"""Random policies that mean something: every construct about tickets and agreements, through parser and resolver.

A policy is a list of blocks; a block that `check` refuses is left out. The same seed gives the same policy.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

from attrs import field, frozen

from slarules.model.contract import Contract
from tests.same import random_further, random_life, random_powers
from tests.same.cases import contract_of
from tests.same.random_words import (
    ZONES,
    Draft,
    _reading,
    calendar,
    condition,
    elapsed,
    lately,
    limit,
    parties,
    pause,
    recurring,
    reopening_policy,
    severity,
    severity_policy,
    within,
)

DAYS = (
    *("2025-03-06", "2025-10-30", "2025-03-27", "2025-10-23", "2025-04-03", "2025-09-25"),  # clocks change
    *("2025-06-11", "2025-12-29", "2024-02-27", "2025-01-29", "2025-07-02", "2025-11-25"),
)
ACTS = {
    "respond": "responded",
    "acknowledge": "acknowledged",
    "update": "updated",
    "escalate": "escalated",
    "report": "reported",
    "resolve": "resolved",
    "diagnose": "diagnosed",
    "ask": "asked",
    "notify": "notified",
    "perform": "done",
    "call": "called",
}
"""Word for doing it → its event."""


@frozen(eq=False)
class Policy:
    """A random policy: its text and what it means."""

    text: str = field(repr=False)
    contract: Contract = field(repr=False)
    near: date
    """The date about which its dates lie."""


def random_policy(rng: random.Random, plain: float | None = None, further: bool = False) -> Policy:
    """A policy; ``plain`` says how ordinary it is: 1 is a help desk's, 0 has everything; ``further``: and more yet."""
    while True:
        draft = Draft(rng, rng.choice([0.95, 0.95, 0.8, 0.6, 0.3, 0.0]) if plain is None else plain, date(2025, 1, 1))
        draft.further = further
        found = _sound(draft, _written(draft))
        if found is not None:
            return found


def _sound(draft: Draft, blocks: list[str]) -> Policy | None:
    """The policy of the blocks that are not mistaken; None where no duty is left."""
    for _ in range(8):
        text = "\n\n".join(blocks) + "\n"
        contract, wrong = contract_of(text)
        if contract is not None:
            return Policy(text, contract, draft.near) if contract.versions[-1].duties else None
        bad = {_block_of(blocks, line) for line in wrong}
        if not bad or 0 in bad:
            return None
        blocks = [block for number, block in enumerate(blocks) if number not in bad]
    return None


def _block_of(blocks: list[str], line: int) -> int:
    """Which block a line of the text stands in, counted from 1."""
    last = 0
    for number, block in enumerate(blocks):
        last += block.count("\n") + 2
        if line < last:
            return number
    return len(blocks) - 1


def _written(draft: Draft) -> list[str]:
    rng = draft.rng
    draft.near = date.fromisoformat(rng.choice(DAYS))
    draft.zone = rng.choice(ZONES)
    draft.ticket = draft.one("ticket", "request")
    draft.levels = rng.choice(
        [("1", "2", "3"), ("1", "2", "3", "4"), ("critical", "serious", "minor"), ("1", "2", "3")]
    )
    if draft.odd(0.12):
        draft.levels = ()
    draft.statuses, draft.allowances, draft.amounts = draft.odd(0.45), draft.odd(0.25), draft.odd(0.25)
    if draft.further:
        random_further.calendars(draft)
    rules = random_life.rules(draft) if draft.plain < 0.9 else []
    powers: list[Callable[[Draft], str]] = [
        random_powers.prohibition,
        random_powers.right,
        random_powers.choice,
        random_powers.scope,
    ]
    for _ in range(rng.choice([2, 3, 4, 5, 6] if draft.plain > 0.7 else [1, 1, 2, 2, 3])):
        rules.append(duty(draft))
    for make in powers:
        if draft.odd(0.35):
            rules.append(make(draft))
    for _ in range(rng.choice([1, 1, 3]) if draft.odd(0.5) else 0):
        rules.append(random_powers.agreement_duty(draft))
    if draft.further:
        rules += random_further.rules(draft)
    return [_head(draft), *_declared(draft), *_severities(draft), *_found(draft), *_versions(draft, rules)]


def _head(draft: Draft) -> str:
    zone = draft.zone
    if draft.odd(0.08):
        zone = "as read in " + _reading(draft, "own_zone", (draft.zone, "Asia/Kolkata"))
    lines = ["slarules 1", "", 'contract Random "a random contract"', '  provider Desk "the desk"']
    lines += ['  customer Client "the client"', "  other party Vendor", f"  zone {zone}"]
    lines += [f'  a ticket is called "{draft.ticket}"'] if draft.ticket != "ticket" else []
    if draft.odd(0.1):
        lines.append(f"  in force from {draft.day(-9, -2)}" + (f" to {draft.day(2, 9)}" if draft.chance(0.5) else ""))
    return "\n".join(lines)


def _declared(draft: Draft) -> list[str]:
    t = draft.ticket
    lines = [
        f"fact channel of {t}: one of telephone, email, web{_presumed(draft, 'email')}",
        f"fact urgent of {t}: yes or no{_presumed(draft, 'no')}",
        f"fact satisfied of {t}: yes or no judged by Client",
        f"fact careful of {t}: yes or no presumed yes until recorded",
        f"fact users of {t}: number{_presumed(draft, '7')}",
        f"fact effort of {t}: hours",
        f"fact price of {t}: money in USD",
        f"fact summary of {t}: text",
        "fact by_phone of any event: yes or no",
        f"fact polite of any event: yes or no{_presumed(draft, 'yes')}",
        f"fact agreed_date of {t}: date",
        f"fact agreed_times of {t}: list of dates",
        f"fact staffed of {t}: yes or no",
        "fact tier of agreement: one of gold, silver",
        "fact annual_fee of agreement: money in USD",
        "fact paid_on of agreement: date",
        "fact covered of agreement: yes or no presumed yes until recorded",
        "fact seats_bought of agreement: number",
        "fact effective_on of agreement: date",
        f"event diagnosed of {t} act diagnose",
        f"event called of {t} act call",
        f"event done of {t} act perform",
        f"event misused of {t} act misuse",
        "event audited of agreement act audit",
        "event disclosed of agreement act disclose",
        "event announced of agreement act announce",
        *((f"fact buyer of {t}: text",) if draft.further else ()),
        "subject fix",
        "fact adds_features of fix: yes or no",
        "event delivered of fix act deliver",
        "event tested of fix act test",
    ]
    return ["\n".join(lines)]


def _presumed(draft: Draft, value: str) -> str:
    return f" presumed {value} until recorded" if draft.odd(0.2) else ""


def _severities(draft: Draft) -> list[str]:
    if not draft.levels:
        return []
    lines = [f"severities {', '.join(draft.levels)}"]
    lines += [f"  assigned by {parties(draft)}"] if draft.odd(0.7) else []
    lines += [f"  changed by {parties(draft)}"] if draft.odd(0.5) else []
    lines += ["  confirmed by Desk"] if draft.odd(0.2) else []
    found = ["\n".join(lines)]
    if draft.odd(0.3):
        worst, last = draft.levels[0], draft.levels[-1]
        found.append(f"severity {worst}\n  applies if {condition(draft)}")
        found.append(f"severity {last}\n  applies if no more severe level applies")
    return found


def _found(draft: Draft) -> list[str]:
    """What the rules were found to need; readings first, for calendars and tables name them."""
    return [*draft.readings.values(), *draft.calendars.values(), *draft.tables]


def _versions(draft: Draft, rules: list[str]) -> list[str]:
    """The rules, some of them under quotations, perhaps one of them amended at a date."""
    if draft.odd(0.2) and len(rules) > 1:
        day = draft.day(-1, 3)
        before = date.fromordinal(date.fromisoformat(day).toordinal() - 1).isoformat()
        old = rules.pop(draft.rng.randrange(len(rules)))
        new = (
            old.replace(" hours", " minutes", 1)
            if draft.chance(0.5)
            else old.replace(" opened", " opened by Client", 1)
        )
        title = draft.one("amended", "as first agreed")
        amended = [f'clause "as first agreed"\n  in force from 2000-01-01 to {before}\n\n' + _indented(old)]
        amended += [f'clause "{title}"\n  in force from {day}\n\n' + _indented(new)]
    else:
        amended = []
    return [*(_quoted(draft, rule) for rule in rules), *amended]


def _quoted(draft: Draft, rule: str) -> str:
    if not draft.odd(0.4):
        return rule
    words = draft.one("the desk shall do so", "within the time", "a promise\n  > and another")
    return f'clause "{draft.one("1", "2", "Promises")}"\n\n  > {words}\n{_indented(rule)}'


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


# ---- Duties --------------------------------------------------------------------------------------------------------


def duty(draft: Draft) -> str:
    """A duty or target about a ticket, perhaps with what follows from its breach."""
    act = draft.one("respond", "resolve", *(ACTS if draft.chance(0.6) else ["resolve", "acknowledge"]))
    name = f"{act}_{len(draft.duties)}"
    effort = draft.chance(0.15)
    recurs = draft.chance(0.2)
    lines = [f"{'target' if effort else 'duty'} {name}", *trigger(draft)]
    lines += guards(draft)
    keeps = draft.odd(0.06) and not recurs and not effort
    bound = recurring(draft) if recurs else limit(draft)
    bearer = draft.one("Desk", "Desk", "Desk", "Client") if draft.odd(0.3) else "Desk"
    ends = ("resolved", "resolved", "workaround", "closed", "resolved by Desk", "acknowledged by Client")
    until = f" until {draft.ticket} {draft.one(*ends)}" if recurs else ""
    to = draft.one("", f" {draft.ticket}", f" {draft.ticket} to Client", " to Client")
    word = "aims to" if effort else "must"
    if keeps:
        lines.append(f"  Desk must keep staffed {draft.one('', 'continuously')} until {draft.ticket} resolved".rstrip())
    else:
        lines.append(f"  {bearer} {word} {act}{to} {bound}".rstrip() + until)
        lines += performed(draft, act)
    if not recurs and draft.odd(0.2):
        by_whom = ("called by Client or misused", "acknowledged by Desk", f"{draft.ticket} resolved by Desk")
        lines.append(f"  until {draft.one('workaround', f'{draft.ticket} resolved', *by_whom)}")
    lines += _changes(draft, until + "".join(lines), act)
    lines += ["  ends at the next opening"] if draft.odd(0.07) else []
    if draft.chance(0.25) and not recurs:
        lines.append(f"  if breached, {name}_then applies")
        lines += ["", *_consequence(draft, f"{name}_then")]
    draft.duties[name] = "ticket"
    return "\n".join(lines)


def _changes(draft: Draft, said: str, act: str) -> list[str]:
    lines = [f"  {pause(draft)}"] if draft.chance(0.4) else []
    follows = ("breached" in said or "missed" in said) and "severity is" in said
    if draft.levels and ("time_" in said or follows or draft.chance(0.1)):
        if draft.odd(0.3):
            lines.append(f"  if severity rises, {severity_policy(draft)}")
            lines.append(f"  if severity falls, {severity_policy(draft)}")
        else:
            lines.append(f"  on severity change {severity_policy(draft)}")
    if act == "resolve" or "resolved" in said or draft.chance(0.1):
        lines.append(f"  on reopening {reopening_policy(draft)}")
    return lines


def trigger(draft: Draft) -> list[str]:
    """What sets a duty off."""
    t = draft.ticket
    if draft.chance(0.45) or draft.plain > 0.9:
        return [f"  when {t} opened"] if not draft.duties or draft.chance(0.6) else _followed(draft)
    ways: tuple[Callable[[], list[str]], ...] = (
        lambda: [f"  when {t} opened by {draft.one('Client', 'Desk')}"],
        lambda: [f"  when {t} opened {draft.one('during', 'outside')} {calendar(draft)}"],
        lambda: [f"  when {t} {draft.one('asked', 'called', 'reopened', 'updated', 'recorded', 'diagnosed')}"],
        lambda: [f"  when {t} called by Client or {t} asked by Client", f"  when {t} opened"],
        lambda: [f"  when both {t} opened by Client and {t} called{draft.one('', ' by Client')}"],
        lambda: [f"  when both {t} acknowledged and {t} {draft.one('diagnosed', 'asked')} during {calendar(draft)}"],
        lambda: [f"  when {t} severity_changed by Client"],
        lambda: [f"  when {t} severity_confirmed"] if draft.levels else [f"  when {t} opened"],
        lambda: [f"  when {t} {draft.one('waiting', 'resolved', 'closed', 'cancelled')}"],
        lambda: _followed(draft),
        lambda: _followed(draft),
        lambda: _warned(draft),
        lambda: _warned(draft),
        list,
    )
    return draft.rng.choice(ways)()


def _followed(draft: Draft) -> list[str]:
    names = [name for name, kind in draft.duties.items() if kind == "ticket"]
    if not names:
        return [f"  when {draft.ticket} opened"]
    return [f"  when {draft.rng.choice(names)} {draft.one('breached', 'breached', 'missed', 'met', 'performed')}"]


def _warned(draft: Draft) -> list[str]:
    names = [name for name, kind in draft.duties.items() if kind == "ticket"]
    if not names:
        return [f"  when {draft.ticket} opened"]
    name = draft.rng.choice(names)
    return [
        f"  when {draft.one('10 minutes', '30 minutes', '1 hour')} remain of {name}"
        if draft.chance(0.5)
        else f"  when {draft.one('50', '75')} % of {name} is used"
    ]


def guards(draft: Draft) -> list[str]:
    """Conditions beside a trigger: read once, or throughout."""
    lines = []
    if draft.chance(0.25):
        lines.append(f"  {draft.one('if', 'if', 'unless')} {_known(draft)}")
    if draft.odd(0.35):
        lines.append(f"  {draft.one('if', 'unless')} {lately(draft) if draft.odd(0.15) else condition(draft)}")
    if draft.odd(0.12):
        lines += ["  if any of", f"    (a) {condition(draft)}", f"    (b) {condition(draft)}"]
    if draft.odd(0.2):
        lines.append(f"  while {_known(draft) if draft.chance(0.5) else condition(draft)}")
    return lines


def _known(draft: Draft) -> str:
    """A condition that most tickets can answer."""
    if draft.levels and draft.chance(0.6):
        return severity(draft)
    return draft.one("channel is any of email, web", "channel is not telephone", "not urgent", "urgent")


def performed(draft: Draft, act: str) -> list[str]:
    """What counts as having done it."""
    t, event = draft.ticket, ACTS[act]
    if draft.chance(0.55):
        return []
    patterns = [f"{t} {event}{draft.one(' by Desk', ' by Desk', '')}"]
    if draft.chance(0.4):
        patterns.append(f"{draft.one('updated', 'acknowledged', 'workaround')} by Desk")
    told = " or ".join(patterns)
    if draft.chance(0.4):
        told += " and " + draft.one(
            "not automatic", "satisfied", "written", "not automatic and satisfied", "polite", "not by_phone and polite"
        )
    elif draft.odd(0.3):
        told += f" and ({condition(draft, 1)})"
    return [f"  performed when {told}"]


def _consequence(draft: Draft, name: str) -> list[str]:
    act = draft.one("escalate", "notify", "report")
    lines = [f"duty {name}"]
    guarded = draft.chance(0.3)
    lines += [f"  if {_known(draft)}"] if guarded else []
    if draft.chance(0.25):
        lines.append(f"  Desk must {act} {recurring(draft)} until {draft.ticket} resolved")
    else:
        lines.append(f"  Desk must {act} {within(draft) if draft.odd(0.5) else 'within ' + elapsed(draft)}")
    lines += [f"  on severity change {severity_policy(draft)}"] if draft.levels else []
    lines.append(f"  on reopening {reopening_policy(draft)}")
    draft.duties[name] = "ticket"
    return lines
