"""What random policies are put together from: calendars, tables, readings, conditions and limits, as text."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from attrs import define, field

ZONES = ("America/Denver", "Europe/Rome", "America/New_York", "Australia/Lord_Howe", "UTC", "UTC-07:00", "Asia/Kolkata")
WEEK_ENDS = ("Monday to Friday", "Monday to Thursday, Saturday", "every day", "Monday, Wednesday and Friday")
MINUTES = (0, 15, 30, 45, 60, 90, 120, 240, 450, 480, 600, 960, 1440, 2880)


@define
class Draft:
    """A policy that is being drawn: what its rules need is declared as they need it."""

    rng: random.Random
    plain: float
    """How likely it is that a rule says no more than it must: 0 to 1."""
    near: date
    """The date about which tickets are opened; dates of the policy lie around it."""
    zone: str = ""
    ticket: str = "ticket"
    levels: tuple[str, ...] = ()
    """Severities, gravest first; none: the contract has none."""
    statuses: bool = False
    allowances: bool = False
    amounts: bool = False
    further: bool = False
    """Whether it says what random policies seldom do (`random_further`)."""
    calendars: dict[str, str] = field(factory=dict)
    readings: dict[str, str] = field(factory=dict)
    tables: list[str] = field(factory=list)
    rights: list[str] = field(factory=list)
    duties: dict[str, str] = field(factory=dict)
    """Duties so far by name → the kind of subject; others may follow from them."""
    blocks: list[str] = field(factory=list)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def odd(self, probability: float) -> bool:
        """Whether something out of the ordinary is said here."""
        return self.rng.random() < probability * (1 - self.plain)

    def one(self, *ways: str) -> str:
        return self.rng.choice(ways)

    def day(self, least: int = -6, most: int = 9) -> str:
        return (self.near + timedelta(days=self.rng.randint(least, most))).isoformat()


# ---- Calendars ------------------------------------------------------------------------------------------------------


def calendar(draft: Draft) -> str:
    """The name of a calendar, declared where it is new."""
    names = ["Office", "Office", "Lunch", "Round", "Night", "Irregular", "Elsewhere", "Holidays"]
    names += [] if draft.plain > 0.8 else ["Either", "Both", "Without", "AsRead", "Listed", "Given", "Always"]
    name = draft.rng.choice(names)
    if name not in draft.calendars and name != "Always":
        draft.calendars[name] = ""
        draft.calendars[name] = _calendar(draft, name)
    return name


def _calendar(draft: Draft, name: str) -> str:
    match name:
        case "Either" | "Both" | "Without":
            for part in ("Office", "Night", "Round"):
                if part not in draft.calendars:
                    draft.calendars[part] = _calendar(draft, part)
            how = {
                "Either": "any of Office, Night is open",
                "Both": "all of Night, Round are open",
                "Without": "Round is open but not Office",
            }
            return f"calendar {name}\n  open whenever {how[name]}"
        case "Given":
            return "calendar Given supplied by Desk"
        case "Listed":
            lines = ["open Monday to Friday 08:00 to 17:00", "closed on Theirs"]
            return "holidays Theirs supplied by Client\ncalendar Listed\n  " + "\n  ".join(_kept(lines))
        case "AsRead":
            _reading(draft, "which_times", ("08:00 to 17:00", "08:00 to 12:00 and 13:00 to 17:30"))
            _reading(draft, "which_zone", (draft.zone, "UTC-07:00"))
            _reading(draft, "which_days", ("holidays of US", "holidays of US on their calendar dates"))
            lines = ["zone as read in which_zone", "open Monday to Friday as read in which_times"]
            return f"calendar {name}\n  " + "\n  ".join(_kept([*lines, "closed on as read in which_days"]))
    return f"calendar {name}\n  " + "\n  ".join(_kept(_hours(draft, name)))


def _kept(lines: list[str]) -> list[str]:
    return [*lines, "clock changes shift forward"]


def _hours(draft: Draft, name: str) -> list[str]:
    match name:
        case "Office":
            return [f"open {draft.rng.choice(WEEK_ENDS)} 09:00 to 17:00"]
        case "Lunch":
            return ["open Monday to Friday 08:00 to 12:00 and 13:00 to 17:30", "open Saturday 09:00 to 13:00"]
        case "Round":
            return ["open every day 00:00 to 24:00"]
        case "Night":
            return ["open every day 22:00 to 06:00 next day"]
        case "Elsewhere":
            return ["zone Asia/Kolkata", "open Monday to Saturday 10:00 to 18:30"]
        case "Holidays":
            return ["open Monday to Friday 08:00 to 17:00", "closed on holidays of US", "closed on 24 December"]
    named = [draft.day() for _ in range(5)]
    return [
        "open Monday to Friday 08:00 to 17:00",
        f"also open {named[0]} 18:00 to 20:00",
        f"on {named[1]} open 12:00 to 20:00",
        f"closed on {named[2]}",
        f"closed on {named[3]} 10:00 to 11:30",
        f'closed on {named[4]} 15:00 to 18:00 "a drill"',
    ]


# ---- Readings ------------------------------------------------------------------------------------------------------


def _reading(draft: Draft, name: str, phrases: Sequence[str]) -> str:
    """The name of a reading with these options, declared where it is new."""
    if name not in draft.readings:
        options = [f'  option o{n}{": " + p if p else ""} "way {n}"' for n, p in enumerate(phrases)]
        adopted = f'  adopt o{draft.rng.randrange(len(phrases))} because "so"'
        draft.readings[name] = "\n".join([f'reading {name} "What is meant?"', *options, adopted])
    return name


def severity_policy(draft: Draft) -> str:
    """What a change of severity does, perhaps by a reading."""
    ways = ("count again from the start", "start again", "keep the deadline")
    return "as read in " + _reading(draft, "level_change", ways) if draft.odd(0.25) else draft.one(*ways)


def reopening_policy(draft: Draft) -> str:
    """What reopening does, perhaps by a reading."""
    ways = ("run on", "begin again", "change nothing")
    return "as read in " + _reading(draft, "reopened_again", ways) if draft.odd(0.25) else draft.one(*ways)


def pause(draft: Draft) -> str:
    """A line that says what stops the clock."""
    if draft.odd(0.2):
        return "paused as read in " + _reading(draft, "waits_on", ("party Client", "change nothing"))
    return "paused while waiting on " + draft.one("Client", "Client", "any of Client, Vendor", "any of Client, parts")


def parties(draft: Draft) -> str:
    """Who assigns or changes severities."""
    if draft.odd(0.2):
        return "as read in " + _reading(draft, "whose_word", ("party Client", "party Desk"))
    return draft.one("Client", "Client", "Client, Desk", "Client, Desk", "Client, Vendor", "Desk")


# ---- Lengths of time and tables -------------------------------------------------------------------------------------


def elapsed(draft: Draft, least: int = 0) -> str:
    """A length of real time, written in hours, minutes or seconds."""
    minutes = draft.rng.choice([m for m in MINUTES if m >= least])
    if draft.odd(0.05):
        return f"{minutes + 1} minutes 7 seconds"
    return f"{minutes // 60} hours" if minutes % 60 == 0 and minutes else f"{minutes} minutes"


def civil(draft: Draft, months: bool = True) -> str:
    """A length in dates."""
    if months and draft.odd(0.2):
        return draft.one("1 month rounding down", "2 months rounding up", "1 month 3 days rounding down")
    return draft.one("1 day", "2 days", "3 days", "1 week")


def length(draft: Draft) -> str:
    """What `within` counts: elapsed, business, open days, civil, a table's, or by a reading."""
    kind = draft.rng.choices(
        ["elapsed", "business", "days", "civil", "table", "read"], [22, 26, 10, 8, 28, 6 * (1 - draft.plain)]
    )[0]
    match kind:
        case "elapsed":
            return elapsed(draft)
        case "business":
            return f"{elapsed(draft)} counted in {basis(draft)}"
        case "days":
            return f"{draft.one('1 day', '2 days', '3 days')} counted in {calendar(draft)}"
        case "civil":
            return civil(draft)
        case "read":
            return "as read in " + _reading(draft, "how_long", ("2 hours", "480 minutes"))
    return table(draft)


def basis(draft: Draft) -> str:
    """A calendar, sometimes by a reading: the word `counted in` before it is replaced by whoever asks."""
    return calendar(draft)


def counted_as_read(draft: Draft) -> str:
    """A basis that a reading decides."""
    options = (f"counted in {calendar(draft)}", "counted in Always")
    return "counted as read in " + _reading(draft, "which_clock", options)


def table(draft: Draft, every: bool = False) -> str:
    """The name of a column of a new table that gives a length of time."""
    number = len(draft.tables)
    name = f"time_{number}"
    by_level = bool(draft.levels)
    inputs = ["severity"] if by_level and (draft.plain > 0.9 or draft.chance(0.6)) else []
    if not inputs or draft.odd(0.35):
        inputs += draft.rng.sample(["channel", "urgent", "tier"], 1)
    values = {"severity": draft.levels, "channel": ("telephone", "email", "web"), "urgent": ("yes", "no")}
    values["tier"] = ("gold", "silver")
    cell = _cells(draft, every)
    head = f"{name} in {calendar(draft)}" if cell in (_length_of_time, _open_days) else name
    rows: list[tuple[str, ...]] = [()]
    for one in inputs:
        given = ["any"] if len(inputs) > 1 and draft.chance(0.2) else list(values[one])
        rows = [(*row, value) for row in rows for value in given]
    lines = [f"table times_{number} by {', '.join(inputs)}", f"  | {' | '.join(inputs)} | {head} |"]
    for row in rows:
        written = "none" if draft.chance(0.06) and not every else cell(draft)
        lines.append(f"  | {' | '.join(row)} | {written} |")
    draft.tables.append("\n".join(lines))
    return name


Cell = Callable[[Draft], str]


def _cells(draft: Draft, every: bool) -> Cell:
    if every:
        return _long_cell
    ways: list[Cell] = [_length_of_time, _length_of_time, _elapsed_cell]
    if draft.levels or draft.chance(0.5):
        ways += [_open_days, _civil_cell]
        ways += [_mixed, _read_cell] if draft.chance(1 - draft.plain) else []
    return draft.rng.choice(ways)


def _length_of_time(draft: Draft) -> str:
    return elapsed(draft, 15)


def _elapsed_cell(draft: Draft) -> str:
    return elapsed(draft, 15)


def _long_cell(draft: Draft) -> str:
    return elapsed(draft, 480)


def _open_days(draft: Draft) -> str:
    return draft.one("1 day", "2 days", "3 days")


def _civil_cell(draft: Draft) -> str:
    return civil(draft)


def _mixed(draft: Draft) -> str:
    ways = (elapsed(draft), f"{elapsed(draft)} counted in {calendar(draft)}", f"2 days counted in {calendar(draft)}")
    return draft.one(*ways, civil(draft))


def _read_cell(draft: Draft) -> str:
    return "as read in " + _reading(draft, "cell_read", ("3 hours", "12 hours")) if draft.chance(0.5) else "4 hours"


# ---- Limits --------------------------------------------------------------------------------------------------------


def within(draft: Draft) -> str:
    """A limit of one length, from the trigger or from another event."""
    span = length(draft)
    word = "in less than" if draft.odd(0.08) else "within"
    if span.split(" ")[-1] in ("hours", "minutes") and draft.odd(0.2):
        return f"{word} {span} {counted_as_read(draft)}"
    if draft.odd(0.12):
        told = draft.one(f"after {draft.ticket} acknowledged", f"after {draft.ticket} called by Client")
        done = [name for name, kind in draft.duties.items() if kind == "ticket"]
        if done and draft.chance(0.4):
            told = f"after {draft.rng.choice(done)} performed"
        head, counted, tail = span.partition(" counted ")
        otherwise = " otherwise within 2 days" if word == "within" and draft.chance(0.15) else ""
        return f"{word} {head} {told}{counted}{tail}{otherwise}"
    return f"{word} {span}"


def limit(draft: Draft) -> str:
    """By when something is owed of a ticket, not recurring."""
    if not draft.odd(0.4):
        return within(draft)
    ways: tuple[Callable[[], str], ...] = (
        lambda: f"by the end of agreed_date{draft.one('', ' otherwise within 2 days', ' otherwise within 5 hours')}",
        lambda: f"by the close of agreed_date in {calendar(draft)}{draft.one('', ' otherwise within 2 days')}",
        lambda: f"by the next close of {calendar(draft)}",
        lambda: f"by the close of the {draft.one('first', 'second', 'third')} open day of {calendar(draft)}",
        lambda: f"by the sooner of {within(draft)} and {_other(draft)}",
        lambda: f"by the later of {within(draft)} and {_other(draft)}",
        lambda: "as read in " + _reading(draft, "by_when", ("within 90 minutes", "by the next close of Round")),
        lambda: "",
        lambda: "by the end of due_day" if draft.amounts else "by the end of agreed_date",
        lambda: _before(draft),
    )
    if "Round" not in draft.calendars:
        draft.calendars["Round"] = _calendar(draft, "Round")
    return draft.rng.choice(ways)()


def _before(draft: Draft) -> str:
    """So long before a date, perhaps from a day on."""
    far = draft.one("1 day", "2 days", f"1 day counted in {calendar(draft)}", f"2 days counted in {calendar(draft)}")
    if draft.chance(0.5):
        return f"no later than {far} before agreed_date{draft.one('', ' otherwise within 2 days')}"
    if draft.chance(0.4):
        return f"on the day {far} before agreed_date"
    first = draft.one("5 days", f"4 days counted in {calendar(draft)}")
    return f"no earlier than {first} and no later than {far} before agreed_date"


def _other(draft: Draft) -> str:
    return draft.one(f"by the next close of {calendar(draft)}", within(draft), "by the end of agreed_date",
                     "no later than 1 day before agreed_date")


def recurring(draft: Draft) -> str:
    """A limit that recurs."""
    roll = draft.rng.random()
    if roll < 0.5:
        hours = draft.one("8 hours", "12 hours", "24 hours", "36 hours 30 minutes", "48 hours")
        if draft.chance(0.25):
            return f"every {table(draft, every=True)}"
        return f"every {hours}" + (f" counted in {calendar(draft)}" if draft.chance(0.35) else "")
    if roll < 0.85:
        return f"each day of {'Always' if draft.chance(0.3) else calendar(draft)}"
    return "on each of agreed_times"


# ---- Conditions ----------------------------------------------------------------------------------------------------


def condition(draft: Draft, deep: int = 0) -> str:
    """A condition on a ticket and its agreement; within parentheses where it has parts."""
    roll = draft.rng.random()
    if deep < 2 and roll < 0.16 * (1 - draft.plain):
        joint = draft.one(" and ", " or ")
        return "(" + joint.join(condition(draft, deep + 1) for _ in range(draft.rng.choice([2, 2, 3]))) + ")"
    if deep < 3 and roll < 0.24:
        return f"not {condition(draft, deep + 1)}"
    found = _simple(draft)
    return f"({found})" if deep and (" any of " in found or " none of " in found) else found


def _simple(draft: Draft) -> str:
    ways: list[Callable[[], str]] = [
        lambda: draft.one("urgent", "satisfied", "careful"),
        lambda: draft.one("urgent", "by_phone", "polite", "automatic"),
        lambda: f"channel {draft.one('is email', 'is not web', 'is any of email, web', 'is none of telephone, web')}",
    ]
    ways += [lambda: severity(draft)] * (3 if draft.levels else 0)
    if draft.chance(1 - draft.plain):
        ways += [
            lambda: f"users is {draft.one('more than', 'less than', 'at least', 'at most')} {draft.one('5', '10')}",
            lambda: f"effort is {draft.one('less than 4 hours', 'at least 2.5 hours')}",
            lambda: f"price is {draft.one('more than 100 USD', 'at most 99.50 USD', 'not 100 USD')}",
            lambda: f"price is more than annual_fee {draft.one('divided by 10', 'minus 50 USD')}",
            lambda: draft.one("agreed_date is recorded", "users is recorded", "channel is recorded"),
            lambda: (
                f"{draft.one('acknowledged', 'workaround', 'called', 'paid')} has happened{draft.one('', ' by Desk')}"
            ),
            lambda: draft.one("during ", "outside ") + calendar(draft),
            lambda: f'summary is {draft.one("", "not ")}"test"',
            lambda: "tier is gold",
            lambda: "reading which_way is " + draft.one("o0", "o1") if _reading(draft, "which_way", ("", "")) else "",
            lambda: "as read in " + _reading(draft, "which_guard", ("if urgent", "if channel is any of email, web")),
        ]
        if draft.statuses:
            ways += [
                lambda: draft.one("maintenance is active", "maintenance is any of active, grace"),
                lambda: draft.one("maintenance includes support", "maintenance includes updates"),
                lambda: "paid has happened this term",
            ]
        if draft.allowances:
            ways.append(lambda: draft.one("block is more than 0 hours", "block is less than 5 hours"))
        if draft.amounts:
            ways.append(lambda: "surcharge is more than 10 USD")
        if draft.rights:
            ways.append(lambda: f"right {draft.rng.choice(draft.rights)} holds")
    return draft.rng.choice(ways)()


def lately(draft: Draft) -> str:
    """How long ago something happened; not where conditions are looked at throughout."""
    happened = f"{draft.one('acknowledged', 'resolved', 'called', 'paid')} has happened{draft.one('', ' by Desk')}"
    length = draft.one("2 hours", "1 day", "3 days", "1 month rounding down")
    counted = f" counted in {calendar(draft)}" if "month" not in length and draft.chance(0.5) else ""
    return f"{happened} within {length}{counted}"


def severity(draft: Draft) -> str:
    """A condition on the severity."""
    some = draft.rng.sample(draft.levels, 2)
    ways = [f"severity is {some[0]}", f"severity is any of {', '.join(some)}", f"severity is not {some[0]}"]
    ways += [f"severity is {draft.one('at least', 'more than', 'at most')} {some[0]}"] * bool(draft.odd(0.6))
    return draft.one(*ways)
