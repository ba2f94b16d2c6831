"""What random policies say beside the ordinary ones: people of two roles, computed dates, duties of the agreement."""

from __future__ import annotations

from tests.same.random_words import Draft, calendar, elapsed


def calendars(draft: Draft) -> None:
    """Other opening times under names that the rules use: closed for several days, each year, on a list's dates."""
    day, month = min(draft.near.day, 27), f"{draft.near:%B}"
    closed = [
        f"closed on {draft.day(-3, 0)} to {draft.day(1, 4)}",
        f"closed on {day} {month} to {day + 1} {month}",
        "closed on 24 December 13:00 to 18:00",
        "closed on Ours",
    ]
    some = draft.rng.sample(closed, 2)
    listed = f"holidays Ours\n  {draft.day(-3, 1)}\n  {draft.day(2, 5)}\n\n" if closed[3] in some else ""
    lines = ["open every day 08:00 to 17:00", *some, "clock changes shift forward"]
    draft.calendars["Holidays"] = f"{listed}calendar Holidays\n  " + "\n  ".join(lines)


def rules(draft: Draft) -> list[str]:
    """Rules that need nothing of the others."""
    found = [_right(draft)] if draft.chance(0.5) else []
    found += [_duty(draft, number) for number in range(draft.rng.choice([1, 2, 3]))]
    return found


# ---- People ----------------------------------------------------------------------------------------------------------


def _right(draft: Draft) -> str:
    """Two roles, so that a designation may leave open which; and how many people each has hangs on what is recorded."""
    blocks = []
    for name, told in (("Steward", "caller"), ("Buyer", "buyer")):
        word = draft.one("at most", "exactly", "at least")
        held = draft.one("covered", "tier is gold", "annual_fee is more than 200 USD", "seats_bought is less than 6")
        steps = [f"{word} 1 if {held}", f"{word} 2 otherwise"]
        lines = [f"role {name} of Client", *(f"  {line}" for line in draft.rng.choice([steps, [f"{word} 1"], steps]))]
        lines += ["  designated by Client" + draft.one("", " in writing")] if draft.chance(0.7) else []
        lines += ["  replaceable by " + draft.one("Client", "Desk")] if draft.chance(0.3) else []
        blocks.append("\n".join([*lines, f"  identified by {told}"]))
    lines = ["right may_ask", "  Client may ask", f"  if {_known(draft)} or annual_fee is more than 300 USD"]
    lines.append("  unless months from effective_on to paid_on is more than seats_bought")
    may = f"right may_call\n  {draft.one('', 'only ')}Steward may call"
    also = f"right may_update\n  {draft.one('', 'only ')}Buyer may {draft.one('update', 'call')}"
    return "\n\n".join([*blocks, may, also, "\n".join(lines)])


def _known(draft: Draft) -> str:
    """A condition on the agreement."""
    return draft.one(
        "covered",
        "tier is gold",
        "seats_bought is more than 3",
        "the greater of seats_bought and 5 is at least 7",
        "the lesser of annual_fee and 500 USD is more than 100 USD",
        "days from effective_on to paid_on is more than 2",
        "months from 1 month rounding down before effective_on to paid_on is at least 1",
        "annual_fee multiplied by 2 is more than 500 USD",
        "paid has happened",
        "(paid_on is recorded and paid_on is more than effective_on)",
        "not tier is gold",
    )


# ---- Amounts and dates -----------------------------------------------------------------------------------------------


def amounts(draft: Draft) -> list[str]:
    """The surcharge and the day that other rules name, computed in other ways."""
    rounded = draft.one("half even", "half up", "up")
    worth = draft.one(
        " is the greater of 10 USD and part\n  where part is annual_fee multiplied by seats_bought divided by 30",
        " is annual_fee multiplied by lapsed divided by 365\n  where lapsed is days from effective_on to paid_on",
        " is annual_fee divided by 12 multiplied by months from effective_on to 1 day before paid_on",
        f"\n  is 5 USD if {_known(draft)}\n  is the lesser of annual_fee and 75 USD otherwise",
    )
    day = draft.one(
        "2 days before paid_on",
        "the next anniversary of effective_on after 3 days before paid_on",
        "the greater of paid_on and 1 day after effective_on",
        "the lesser of paid_on and 1 month rounding up after effective_on",
    )
    return [f"amount surcharge in USD{worth}\n  rounded to 0.01 {rounded}", f"date due_day is {day}"]


# ---- Duties of the agreement -----------------------------------------------------------------------------------------


def _duty(draft: Draft, number: int) -> str:
    """A duty of the agreement, set off, limited and ended in every way."""
    name, act = f"owed_{number}", draft.one("notify", "announce", "audit", "pay")
    done = {"notify": "notified", "announce": "announced", "audit": "audited", "pay": "paid"}[act]
    bearer = draft.one("Desk", "Client")
    before = [other for other, kind in draft.duties.items() if kind == "agreement"]
    triggers = ["when agreement audited", "when agreement invoiced", "when agreement started or agreement announced"]
    triggers += ["when both agreement invoiced and agreement audited", "when agreement disclosed by Client", ""]
    triggers += [f"when {one} {draft.one('breached', 'missed', 'met', 'performed')}" for one in before]
    triggers += [f"when {draft.one('30 minutes', '6 hours')} remain of {one}" for one in before]
    if draft.statuses:
        triggers += ["once each term of maintenance", "when maintenance becomes " + draft.one("grace", "active")]
    trigger = draft.rng.choice(triggers)
    lines = [f"duty {name}", *([f"  {trigger}"] if trigger else [])]
    lines += [f"  {draft.one('if', 'unless')} {_known(draft)}"] if draft.chance(0.3) else []
    lines += ["  while " + draft.one("covered", "tier is gold")] if draft.chance(0.15) else []
    recurs = draft.chance(0.25)
    limit = _recurring(draft) if recurs else _limit(draft)
    until = " until agreement " + draft.one("terminated", "paid by Client") if recurs and draft.chance(0.6) else ""
    lines.append(f"  {bearer} must {act} {limit}".rstrip() + until)
    if draft.chance(0.3):
        how = draft.one("polite", "not by_phone", "covered")
        lines.append(f"  performed when agreement {done} by {bearer} and {how}")
    if not recurs and draft.chance(0.2):
        lines.append("  until agreement " + draft.one("terminated", "disclosed"))
    draft.duties[name] = "agreement"
    return "\n".join(lines)


def _limit(draft: Draft) -> str:
    far = draft.one("1 day", "2 days", f"1 day counted in {calendar(draft)}")
    ways = [
        f"within {elapsed(draft)} counted in {calendar(draft)}",
        f"within {draft.one('1 day', '2 days')} counted in {calendar(draft)}",
        "within 1 month rounding " + draft.one("up", "down"),
        f"within {draft.one('3 days', '1 week')}",
        f"within 2 days after {draft.one('paid', 'announced by Client')}",
        "by the end of paid_on" + draft.one("", " otherwise within 2 days"),
        f"by the close of paid_on in {calendar(draft)} otherwise within 1 day",
        f"no later than {far} before effective_on" + draft.one("", " otherwise within 2 days"),
        f"no earlier than 5 days and no later than {far} before effective_on",
        f"on the day {far} before paid_on",
        f"by the sooner of within 2 days and by the close of the second open day of {calendar(draft)}",
        f"by the later of within 1 day and no later than {far} before effective_on",
        "by the end of due_day" if draft.amounts else "",
    ]
    return draft.rng.choice(ways)


def _recurring(draft: Draft) -> str:
    return draft.one(
        f"every {draft.one('24 hours', '48 hours', '72 hours')}",
        f"every 16 hours counted in {calendar(draft)}",
        f"each day of {calendar(draft)}",
    )
