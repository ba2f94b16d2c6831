"""Random small policies about an agreement: its statuses, duties, rights, sums, and perhaps an amendment."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.oracle_of_agreements.policy import (
    ACTS,
    BY,
    Allowance,
    Amount,
    Calendar,
    Choice,
    Condition,
    Duty,
    Limit,
    Move,
    Policy,
    Prohibition,
    Right,
    Span,
    State,
    Status,
    Trigger,
)

ZONES = ("America/Denver", "Europe/London", "Africa/Cairo", "America/Havana", "Asia/Beirut", "UTC", "Pacific/Chatham")
OWED = ("paid", "notified", "audited", "returned", "visited", "invoiced")
SETS_OFF = ("invoiced", "purchase_order_received", "offered", "paid", "started", "halted", "audited", "announced",
            "terminated")


def drawn_policy(chance: random.Random) -> Policy:
    """A policy; what it holds is drawn so that few constructs meet in each."""
    zone = chance.choice(ZONES)
    amended = None
    if chance.random() < 0.35:
        amended = (date(2025, 1, 1) + timedelta(days=chance.randrange(500))).isoformat()
    calendars = (_calendar(chance, "Hours"), _calendar(chance, "Desk_days"))
    statuses = [_status(chance, "care")]
    if chance.random() < 0.3:
        statuses.append(_status(chance, "gold"))
    if amended is not None and chance.random() < 0.5:
        first = statuses[0]
        statuses[0:1] = [replace(first, version=0), replace(_longer(chance, first), version=1)]
    allowances = tuple(_allowance(chance, n) for n in range(chance.choice((0, 0, 1, 2))))
    amounts = tuple(_amounts(chance, amended is not None))
    draft = Policy(zone, amended, calendars, tuple(statuses), allowances=allowances, amounts=amounts)
    duties = [_duty(chance, draft, n) for n in range(chance.choice((1, 1, 2, 3)))]
    follow = chance.random()
    if follow < 0.4:
        outcome = chance.choice(("breached", "breached", "breached", "met", "performed"))
        after = _duty(chance, draft, 8)
        named = replace(after, name="follows", triggers=(("outcome", duties[0].name, outcome),))
        duties.append(replace(named, limit=_limit(chance, draft, plain=True)))
    if amended is not None:
        duties = [one for duty in duties for one in _amended(chance, draft, duty)]
    choices: tuple[Choice, ...] = ()
    if chance.random() < 0.25:
        choice, options = _choice(chance, draft)
        choices, duties = (choice,), [*duties, *options]
    bans = tuple(_prohibition(chance, draft, n) for n in range(chance.choice((0, 0, 1))))
    rights = tuple(_right(chance, draft, n) for n in range(chance.choice((0, 0, 1))))
    if chance.random() < 0.3:
        duties.append(_of_tickets(chance, draft))
    whole = replace(draft, duties=tuple(duties), choices=choices, prohibitions=bans, rights=rights)
    return whole if amended is None else _in_both(whole)


def _in_both(policy: Policy) -> Policy:
    """What is said outside the versions of the terms, said in both of them."""

    def both(rules: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(replace(one, version=v) for v in (0, 1) for one in rules if one.version in (None, v))

    return replace(
        policy, statuses=both(policy.statuses), duties=both(policy.duties), choices=both(policy.choices),
        prohibitions=both(policy.prohibitions), rights=both(policy.rights), amounts=both(policy.amounts),
    )  # fmt: skip


def _calendar(chance: random.Random, name: str) -> Calendar:
    weekdays = chance.choice(((0, 1, 2, 3, 4), (0, 1, 2, 3, 4), (0, 2, 4), (0, 1, 2, 3, 4, 5, 6), (5, 6)))
    hours = chance.choice((((8, 17),), ((9, 12), (13, 18)), ((6, 24),), ((10, 14),)))
    closed = {(date(2024, 1, 1) + timedelta(days=chance.randrange(1200))).isoformat() for _ in range(12)}
    return Calendar(name, weekdays, hours, tuple(sorted(closed)))


def span(chance: random.Random) -> Span:
    """Some days or months."""
    if chance.random() < 0.5:
        return Span(days=chance.choice((1, 5, 10, 14, 30, 60)))
    return Span(months=chance.choice((1, 1, 2, 3, 6)), rounding=chance.choice(("up", "down")))


def _status(chance: random.Random, name: str) -> Status:
    lasts = chance.choice((Span(months=12), Span(months=12, rounding="up"), Span(months=1), Span(months=3),
                           Span(days=90), Span(months=6, rounding="up")))  # fmt: skip
    paid = chance.choice((None, ("this term", "paid"), ("this term", "paid"), ("happened", "renewal_notice")))
    moves = []
    if paid is not None:
        moves.append(Move("active", condition=paid))
    last = chance.choice(("grace", "grace", "expired", "active"))
    moves.append(Move(last))
    if chance.random() < 0.4:
        moves.insert(0, Move("active", event="renewal_notice"))
    if chance.random() < 0.4:
        moves.append(Move("expired", event="terminated"))
    if chance.random() < 0.3:
        moves.append(Move("held", event="halted"))
    unsure = chance.choice((None, None, None, ("yes", "consented"), ("more", "fee", "100")))
    back = tuple(Move("active", event=one, condition=unsure if one == "paid" else None)
                 for one in chance.sample(("paid", "purchase_order_received"), chance.choice((1, 2))))  # fmt: skip
    if last == "grace" or chance.random() < 0.5:
        states = [State("active", lasts, ("support", "updates"), tuple(moves)),
                  State("grace", chance.choice((None, None, None, Span(days=20))), ("support",),
                        (Move("expired", after=span(chance)), *back))]  # fmt: skip
    else:
        states = [State("active", lasts, ("support", "updates"), tuple(moves)), State("grace", None, (), back)]
    states.append(State("expired", None, (), tuple(replace(one, condition=None) for one in back)))
    if any(one.to == "held" for one in moves):
        states.append(State("held", None, ("support",), (Move("active", event="paid"),)))
    return Status(name, tuple(states), chance.random() < 0.4)


def _longer(chance: random.Random, status: Status) -> Status:
    """The same status with other lengths."""
    states = []
    for state in status.states:
        moves = tuple(replace(one, after=span(chance)) if one.after else one for one in state.moves)
        lasts = chance.choice((state.lasts, Span(months=4), Span(days=45))) if state.lasts else None
        states.append(replace(state, lasts=lasts, moves=moves))
    return replace(status, states=tuple(states))


def _allowance(chance: random.Random, n: int) -> Allowance:
    billable: tuple[Condition, ...] = (("yes", "billable"),) if chance.random() < 0.5 else ()
    if n == 0:
        return Allowance("block", "hours_purchased", "hours", "hours_logged", "hours", billable, chance.random() < 0.4)
    return Allowance("seats", "purchase_order_received", "seats_bought", "visited", "seats_bought", billable,
                     chance.random() < 0.4)  # fmt: skip


def _amounts(chance: random.Random, amended: bool) -> list[Amount]:
    found = []
    fee, days = ("fact", "fee"), ("days", ("fact", "lapsed_on"), ("fact", "due_on"))
    if chance.random() < 0.4:
        found.append(Amount("payable_on", ("shifted", span(chance), chance.choice(("after", "before")),
                                           ("fact", "due_on")), is_date=True))  # fmt: skip
    if chance.random() < 0.3:
        found.append(Amount("anniversary", ("anniversary", ("fact", "lapsed_on"), ("fact", "effective_on")),
                            is_date=True))  # fmt: skip
    if chance.random() < 0.5:
        back: tuple[Any, ...] = ("product", fee, (("times", days), ("over", ("number", chance.choice(("365", "360"))))))
        if chance.random() < 0.5:
            months = ("months", ("fact", "lapsed_on"), ("fact", "due_on"))
            back = ("product", fee, (("over", ("number", "12")), ("times", months)))
        total = chance.choice((("sum", ("amount", "back"), (("plus", fee),)), ("amount", "back"),
                               ("sum", fee, (("minus", ("amount", "back")), ("plus", ("share", "12.5", fee)))),
                               ("lesser", ("amount", "back"), ("money", "500.00")),
                               ("product", ("amount", "back"), (("over", ("fact", "seats_bought")),))))  # fmt: skip
        unit = chance.choice((None, "0.01", "0.01", "0.05", "10", "0.001"))
        rounding = None if unit is None else (unit, chance.choice(("half up", "half even", "up", "down")))
        found.append(Amount("charge", total, (("back", back),), rounding))
        if chance.random() < 0.4:
            found.append(Amount("twice", ("product", ("amount", "charge"), (("times", ("number", "2")),)),
                                rounding=("0.01", "half even")))  # fmt: skip
    if amended and found and chance.random() < 0.5:
        first = found[0]
        other = replace(first, version=1, rounding=("1", "half up") if not first.is_date else None)
        if first.is_date and first.value[0] == "shifted":
            other = replace(other, value=("shifted", span(chance), "after", ("fact", "due_on")))
        found[0:1] = [replace(first, version=0), other]
    return found


def condition(chance: random.Random, draft: Policy, known: bool = False) -> Condition:
    """A condition about the agreement; ``known``: one that no fact can leave open."""
    status = chance.choice(sorted({one.name for one in draft.statuses}))
    kinds = ["state", "includes", "happened", "this term", "within", "recorded", "not", "both"]
    if not known:
        kinds += ["yes", "more", "yes"]
    if draft.allowances:
        kinds.append("left")
    match chance.choice(kinds):
        case "state":
            return ("state", status, tuple(chance.sample(("active", "grace", "expired"), chance.choice((1, 2)))))
        case "includes":
            return ("includes", status, chance.choice(("support", "updates")))
        case "yes":
            return ("yes", chance.choice(("consented", "large")))
        case "more":
            return ("more", "fee", "100")
        case "left":
            return ("left", draft.allowances[0].name, 0)
        case "not":
            return ("not", condition(chance, draft, known))
        case "both":
            return (chance.choice(("and", "or")), condition(chance, draft, known), condition(chance, draft, known))
        case "recorded":
            return ("recorded", chance.choice(("due_on", "fee")))
        case "within":
            return ("within", chance.choice(SETS_OFF), chance.choice((1, 10, 30)))
        case kind:
            return (kind, chance.choice(("paid", "audited", "renewal_notice")))


def throughout(chance: random.Random, draft: Policy) -> Condition:
    """A condition that may be looked at throughout: how the agreement stands."""
    status = chance.choice(sorted({one.name for one in draft.statuses}))
    if chance.random() < 0.5:
        return ("includes", status, chance.choice(("support", "updates")))
    held = ("state", status, tuple(chance.sample(("active", "grace", "expired"), chance.choice((1, 2)))))
    return held if chance.random() < 0.7 else ("not", ("happened", chance.choice(("halted", "offered"))))


def _trigger(chance: random.Random, draft: Policy) -> Trigger:
    status = chance.choice(sorted({one.name for one in draft.statuses}))
    match chance.choice(("term", "state", "event", "event", "both", "standing")):
        case "standing":
            return ("standing",)
        case "term":
            return ("term", status)
        case "state":
            return ("state", status, chance.choice(("active", "grace", "expired")))
        case "both":
            return ("both", *chance.sample(SETS_OFF, 2))
        case _:
            type = chance.choice(SETS_OFF)
            return ("event", type, BY.get(type) if chance.random() < 0.3 else None)


def _limit(chance: random.Random, draft: Policy, plain: bool = False) -> Limit | None:
    calendar = chance.choice(("Hours", "Desk_days"))
    kinds = ["civil", "civil", "closings", "hours", "next close", "none"]
    if not plain:
        kinds += ["before term", "before term", "by date", "by date", "before date"]
        kinds += ["every", "each day", "each of", "two", "after"]
    dates = ["due_on", *(one.name for one in draft.amounts if one.is_date)]
    match chance.choice(kinds):
        case "civil":
            return ("civil", span(chance))
        case "closings":
            return ("closings", chance.choice((1, 2, 5)), calendar)
        case "hours":
            return ("hours", chance.choice((1, 24, 40)), chance.choice((None, calendar)))
        case "next close":
            return ("next close", calendar)
        case "before term":
            return ("before term", span(chance), chance.random() < 0.4)
        case "by date":
            return ("by date", chance.choice(dates), chance.choice((None, None, 10)))
        case "before date":
            first = Span(chance.choice((40, 90))) if chance.random() < 0.5 else None
            counted = chance.choice((None, calendar))
            return ("before date", chance.choice((1, 3, 10)), counted, first, chance.choice(dates))
        case "every":
            return ("every", chance.choice((24 * 20, 24 * 45)), None) if chance.random() < 0.6 else (
                "every", chance.choice((90, 200)), calendar)  # fmt: skip
        case "each day":
            return ("each day", calendar)
        case "each of":
            return ("each of", "visits")
        case "two":
            parts = [_limit(chance, draft, plain=True) or ("civil", Span(3)), ("by date", chance.choice(dates), None)]
            return (chance.choice(("sooner", "later")), *parts)
        case "after":
            return ("after", span(chance), chance.choice(("audited", "purchase_order_received", "paid")))
    return None


def _duty(chance: random.Random, draft: Policy, n: int) -> Duty:
    done = chance.choice(OWED)
    triggers = tuple(dict.fromkeys(_trigger(chance, draft) for _ in range(chance.choice((1, 1, 1, 2)))))
    if ("standing",) in triggers:
        triggers = ()
    if [one[0] for one in triggers] == ["term", "term"]:
        triggers = triggers[:1]
    limit = _limit(chance, draft)
    recurs = limit is not None and limit[0] in ("each day", "every", "each of")
    only_if = tuple(condition(chance, draft, known=recurs) for _ in range(chance.choice((0, 0, 1))))
    whiles = tuple(throughout(chance, draft) for _ in range(chance.choice((0, 0, 1))))
    until: tuple[str, ...] = (chance.choice(("audited", "halted")),) if recurs or chance.random() < 0.1 else ()
    if limit is not None and limit[0] == "each day" and not whiles:
        whiles = (("state", "care", ("grace",)),)
        until = ("audited", "halted", "invoiced")
    return Duty(f"duty_{n}", BY[done], ACTS[done], done, triggers, limit, only_if, whiles, until)


def _amended(chance: random.Random, draft: Policy, duty: Duty) -> list[Duty]:
    """The duty in both versions, in one, or outside them."""
    how = chance.random()
    if how < 0.3 or duty.name == "follows":
        return [duty]
    other = replace(duty, version=1)
    if duty.limit is not None and duty.limit[0] not in ("every", "each day", "each of", "before term", "before date"):
        other = replace(other, limit=_limit(chance, draft, plain=True))
    elif duty.limit is not None and duty.limit[0] == "every":
        other = replace(other, limit=("every", 24 * 30, None))
    pair = [replace(duty, version=0), other]
    return pair if how < 0.85 or duty.name == "duty_0" else [pair[chance.randrange(2)]]


def _choice(chance: random.Random, draft: Policy) -> tuple[Choice, list[Duty]]:
    limits = [("civil", span(chance)), chance.choice((("closings", 3, "Hours"), ("hours", 30, "Desk_days")))]
    options = [Duty("credit", "Desk", "credit", "credited", (), limits[0], option_of="remedy"),
               Duty("refund", "Desk", "refund", "refunded", (), limits[1], option_of="remedy")]  # fmt: skip
    lapses = None
    if chance.random() < 0.6:
        lapses = chance.choice((1, 5, 30)), chance.choice(("credit_note", "money_back"))
    whiles = (throughout(chance, draft),) if chance.random() < 0.3 else ()
    trigger: Trigger = ("event", "offered", None)
    if chance.random() < 0.3:
        trigger = ("state", "care", chance.choice(("grace", "expired")))
    named = (("credit_note", "credit"), ("money_back", "refund"))
    return Choice("remedy", "Client", (trigger,), named, lapses, whiles), options


def _prohibition(chance: random.Random, draft: Policy, n: int) -> Prohibition:
    unless = (condition(chance, draft),) if chance.random() < 0.5 else ()
    return Prohibition(f"ban_{n}", chance.choice((None, "Desk")), "leak", "leaked", unless, chance.random() < 0.4)


def _right(chance: random.Random, draft: Policy, n: int) -> Right:
    notice: tuple[Any, ...] | None = (span(chance), "effective_on")
    if chance.random() < 0.3:
        notice = (chance.choice((24, 48)), "effective_on")
    if chance.random() < 0.3:
        notice = None
    only_if = (condition(chance, draft),) if chance.random() < 0.5 else ()
    during = chance.choice((None, None, "Hours"))
    only = notice is None and chance.random() < 0.7
    return Right(f"right_{n}", "Desk", only, "announce", "announced", notice, only_if, during)


def _of_tickets(chance: random.Random, draft: Policy) -> Duty:
    """What is owed to a ticket while the agreement stands so."""
    whiles = (throughout(chance, draft),) if chance.random() < 0.6 else ()
    only_if = (condition(chance, draft, known=True),) if chance.random() < 0.6 or not whiles else ()
    limit = chance.choice((("civil", span(chance)), ("hours", 16, "Hours"), ("closings", 2, "Hours")))
    return Duty("answer", "Desk", "respond", "responded", (("event", "opened", None),), limit, only_if, whiles)
