"""What beginners write instead: `shall`, `4h`, `9am-5pm`, `=`, `03/02/2026`, `//`; each with what to write."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from importlib.resources import files

from attrs import frozen

from slarules.diagnostics import Diagnostic, Edit, error
from slarules.source import Span

Words = tuple[tuple[str, Span], ...]
"""The line's words so far, each with its terminal."""

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = {"s": "second", "sec": "second", "secs": "second", "m": "minute", "min": "minute", "mins": "minute",
          "h": "hour", "hr": "hour", "hrs": "hour", "d": "day", "wk": "week", "wks": "week", "w": "week",
          "mo": "month", "mos": "month", "yr": "year", "yrs": "year"}
_SIGNS = {"==": "is", "=": "is", "!=": "is not", "<>": "is not", ">=": "is at least", "<=": "is at most",
          ">": "is more than", "<": "is less than"}
_ZONES = {"EST": ("America/New_York", "UTC-05:00"), "EDT": ("America/New_York", "UTC-04:00"),
          "ET": ("America/New_York", "UTC-05:00"), "CST": ("America/Chicago", "UTC-06:00"),
          "CDT": ("America/Chicago", "UTC-05:00"), "CT": ("America/Chicago", "UTC-06:00"),
          "MST": ("America/Denver", "UTC-07:00"), "MDT": ("America/Denver", "UTC-06:00"),
          "MT": ("America/Denver", "UTC-07:00"), "PST": ("America/Los_Angeles", "UTC-08:00"),
          "PDT": ("America/Los_Angeles", "UTC-07:00"), "PT": ("America/Los_Angeles", "UTC-08:00"),
          "GMT": ("Europe/London", "UTC"), "BST": ("Europe/London", "UTC+01:00"),
          "CET": ("Europe/Berlin", "UTC+01:00"), "CEST": ("Europe/Berlin", "UTC+02:00")}
_COMMON_ZONES = {"eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
                 "pacific": "America/Los_Angeles", "uk": "Europe/London", "british": "Europe/London",
                 "german": "Europe/Berlin", "swiss": "Europe/Zurich", "french": "Europe/Paris",
                 "central european": "Europe/Berlin"}
_UNTIL = ("until", "till", "through", "thru", "and")
_TIME = r"(\d{1,2})(?:[:.hH]?(\d\d)(?!\d))?\s*([ap])?\.?(?:m\b)?\.?(?:h\b)?"
_TIMES = re.compile(rf"{_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}", re.IGNORECASE)
_HALF = re.compile(r"([ap])\.?\s?m\b\.?", re.IGNORECASE)
_DAY = r"(?:(mon|tue|wed|thu|fri|sat|sun)[a-z]*|(mo|tu|we|th|fr|sa|su)\b)"
_DAYS = re.compile(rf"{_DAY}(?:\s*[-–]\s*{_DAY})?", re.IGNORECASE)
_NUMBERED_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b|\b(\d{4})[/.](\d{1,2})[/.](\d{1,2})\b")
_SPELT_DATE = re.compile(rf"\b(\d{{1,2}})\s+({'|'.join(MONTHS)})\s+(\d{{4}})\b")


@frozen
class Slip:
    """A word that cannot stand where it stands, and what its line says around it."""

    kind: str
    """Its terminal."""
    span: Span
    """The word."""
    accepts: frozenset[str]
    """Terminals that could stand there."""
    before: Words
    """The line's words so far, this one included."""

    @property
    def rest(self) -> str:
        """The line from the word on."""
        text = self.span.source.text
        end = text.find("\n", self.span.start)
        return text[self.span.start : len(text) if end < 0 else end]

    @property
    def previous(self) -> tuple[str, str]:
        """Terminal and text of the word before it; empty at the beginning of a line."""
        earlier = [(kind, span.text) for kind, span in self.before if span.end <= self.span.start]
        return earlier[-1] if earlier else ("", "")

    def wide(self, length: int) -> Span:
        """So many characters from the word's beginning."""
        return Span(self.span.source, self.span.start, self.span.start + length)


def slip(at: Slip) -> Diagnostic | None:
    """What to say of a mistake that beginners make; None where it is no such mistake."""
    return next((found for look in _LOOKS if (found := look(at)) is not None), None)


def _owing(at: Slip) -> Diagnostic | None:
    """`Acme shall respond`, `Acme respond`."""
    if "MUST" not in at.accepts:
        return None
    word, party = at.span.text, at.previous[1]
    if word.lower() in ("shall", "will", "should", "has", "needs", "ought", "agrees", "undertakes", "commits", "is",
                        "are", "must"):
        sure = word.lower() in ("shall", "will", "must")
        return error("E0201", at.span, f"`{word}` is not the word for what is owed", "write `must`; of a mere effort, "
                     "in a `target`, `aims to`", edit=Edit(at.span, "must") if sure else None)
    if at.kind != "NAME":
        return None
    first = at.before[0][1]
    if word.startswith("must"):
        return error("E0201", at.span, "a blank is missing behind `must`", f"write `must {word[4:]}`",
                     edit=Edit(at.span, f"must {word[4:]}"))
    if party in ("must", "aims", "may", "shall", "will"):
        return error("E0202", first, f"before `{party}` the line does not say who",
                     f"write `PARTY {party} {word} …`")
    if party in LIMITS:
        return error("E0201", first, f"`{party}` begins no line", "a limit stands on the line of the act: "
                     f"`PARTY must ACT {party} {at.rest.strip()}`")
    return error("E0201", at.span, f"`must` is missing before `{word}`",
                 f"write `{party} must {word} …`; of a mere effort, in a `target`, `{party} aims to {word} …`",
                 edit=Edit(at.wide(0), "must "))


LIMITS = ("within", "by", "counted", "no", "every", "each", "after", "to")
"""Words that lead on behind an act, and begin no line."""


def _unit(at: Slip) -> Diagnostic | None:
    """`4h`, `4 business hours`, `within 4`, `within`."""
    if at.kind in ("_NL", "$END") and at.previous[0] in ("WITHIN", "EVERY"):
        end = Span(at.span.source, at.span.end, at.span.end)
        return error("E0202", end, f"the line does not say how long after `{at.previous[1]}`", "say it, as `4 hours`")
    if "UNIT" not in at.accepts:
        return None
    number = at.previous[1]
    if at.kind in ("_NL", "$END"):
        end = Span(at.span.source, at.span.end, at.span.end)
        return _no_unit(end, number)
    short = _UNITS.get(at.span.text.lower())
    if short is not None:
        word = short if number == "1" else f"{short}s"
        gap = "" if at.span.source.text[at.span.start - 1].isspace() else " "
        return error("E0201", at.span, f"`{at.span.text}` is no unit of time", f"write it out: `{number} {word}`",
                     edit=Edit(at.span, gap + word))
    if at.span.text.lower().rstrip("s") in ("second", "minute", "hour", "day", "week", "month", "year"):
        return error("E0201", at.span, f"`{at.span.text}` is no unit of time: units have small letters",
                     f"write `{at.span.text.lower()}`", edit=Edit(at.span, at.span.text.lower()))
    counted = re.match(r"(\w+)\s+((?:second|minute|hour|day)s?)\b", at.rest, re.IGNORECASE)
    if counted is not None and counted[1].lower() in ("calendar", "consecutive", "elapsed", "clock", "natural"):
        span = at.wide(counted.end())
        return error("E0201", span, f"`{span.text}` is no unit of time",
                     f"write `{counted[2].lower()}`: without a calendar all of them count",
                     edit=Edit(span, counted[2].lower()))
    if counted is None and at.accepts == {"UNIT"} and at.kind != "NAME":
        return _no_unit(next(span for kind, span in reversed(at.before) if kind == "NUMBER"))
    if counted is None:
        return None
    return error("E0201", at.wide(counted.end()), f"`{counted[0]}` is no unit of time",
                 "name the calendar whose opening times count: "
                 f"`{number} {counted[2].lower()} counted in CALENDAR`")


def _no_unit(span: Span, number: str = "") -> Diagnostic:
    number = number or span.text
    return error("E0202", span, f"`{number}` has no unit",
                 f"say `{number} minutes`, `{number} hours` or `{number} days`, whichever is meant")


def _times(at: Slip) -> Diagnostic | None:
    """`9am-5pm`, `Mon-Fri`, `09:00 - 17:00`, `6:00 p.m.`, `2026-03-02T09:00`."""
    if at.previous[0] == "TIME" and (half := _HALF.match(at.rest)) is not None:
        return _half_behind(at, half)
    joined = re.match(r"[Tt](\d\d:\d\d)\S*", at.rest) if at.previous[0] == "DATE" else None
    if joined is not None:
        return error("E0201", at.wide(joined.end()), "between a date and a time stands a blank",
                     f"write `{at.previous[1]} {joined[1]}`, on the clocks of the zone")
    found = _TIMES.match(at.rest)
    if "TIME" in at.accepts and found is not None and int(found[1]) <= 24 and int(found[4]) <= 24:
        opens, closes = _clock(*found.group(1, 2, 3)), _clock(*found.group(4, 5, 6))
        written = f"{opens} to {closes}"
        span = at.wide(found.end())
        if closes <= opens and found[3] is None and found[6] is None and int(found[4]) < 12:
            return error("E0201", span, f"`{span.text}` is not how times are written",
                         f"write `{opens} to {int(found[4]) + 12}:{found[5] or '00'}`, or `{written} next day`, "
                         "whichever is meant")
        return error("E0201", span, f"`{span.text}` is not how times are written", f"write `{written}`",
                     edit=Edit(span, written))
    found = _DAYS.match(at.rest)
    if "DAY" in at.accepts and found is not None:
        written = " to ".join(_weekday(day) for day in found.groups() if day)
        span = at.wide(found.end())
        return error("E0201", span, f"`{span.text}` is not how weekdays are written", f"write `{written}`",
                     edit=Edit(span, written))
    meant = get_close_matches(at.span.text.capitalize(), _WEEKDAYS, cutoff=0.75) if "DAY" in at.accepts else []
    if meant:
        meant.sort(key=lambda day: day[0] != at.span.text[0].upper())  # `Munday` is no Sunday
        return error("E0201", at.span, f"`{at.span.text}` is no weekday", f"did you mean `{meant[0]}`?",
                     edit=Edit(at.span, meant[0]))
    dash = at.span.text in ("-", "–", "—")
    if "TO" in at.accepts and (dash or (at.previous[0] in ("TIME", "DAY") and at.span.text in _UNTIL)):
        return error("E0205" if dash else "E0201", at.span, f"`{at.span.text}` does not say from when to when",
                     "write `to`", edit=Edit(at.span, " to " if dash else "to"))
    return None


def _half_behind(at: Slip, half: re.Match[str]) -> Diagnostic:
    """`8:00 a.m. to 6:00 p.m.`: what is wrong begins with the time before the word."""
    first = next(span for kind, span in reversed(at.before) if kind == "TIME" and span.end <= at.span.start)
    text = at.span.source.text[first.start : at.span.start] + at.rest
    both = _TIMES.match(text)
    if both is not None and int(both[1]) <= 24 and int(both[4]) <= 24:
        written, end = f"{_clock(*both.group(1, 2, 3))} to {_clock(*both.group(4, 5, 6))}", both.end()
    else:
        hour, minute = first.text.split(":")[:2]
        written, end = _clock(hour, minute, half[1]), at.span.start - first.start + half.end()
    span = Span(at.span.source, first.start, first.start + end)
    return error("E0201", span, f"`{span.text}` is not how times are written", f"write `{written}`",
                 edit=Edit(span, written))


def _clock(hour: str, minute: str | None, half: str | None) -> str:
    afternoon = half is not None and half.lower() == "p"
    hours = int(hour) % 12 + 12 * afternoon if half is not None else int(hour)
    return f"{hours:02d}:{minute or '00'}"


def _weekday(short: str) -> str:
    return next(day for day in _WEEKDAYS if day.lower().startswith(short.lower()))


def _date(at: Slip) -> Diagnostic | None:
    """`03/02/2026`, `2026/03/02`, `2 March 2026`."""
    line_start = at.span.source.text.rfind("\n", 0, at.span.start) + 1
    line = at.span.source.text[line_start : at.span.start] + at.rest
    for pattern in (_NUMBERED_DATE, _SPELT_DATE):
        for found in pattern.finditer(line):
            if found.start() <= at.span.start - line_start < found.end():
                span = Span(at.span.source, line_start + found.start(), line_start + found.end())
                ways = _readings(found)
                told = " or ".join(f"`{way}`" for way in ways) + (", whichever is meant" if len(ways) > 1 else "")
                return error("E0205", span, f"`{span.text}` is not how a date is written",
                             f"dates are written year-month-day: write {told}",
                             edit=Edit(span, ways[0]) if len(ways) == 1 and _there_is(ways[0]) else None)
    return None


def _there_is(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _readings(found: re.Match[str]) -> list[str]:
    """The dates that it may mean: which number is the day and which the month is not guessed."""
    if found.re is _SPELT_DATE:
        return [f"{found[3]}-{MONTHS.index(found[2]) + 1:02d}-{int(found[1]):02d}"]
    if found[4] is not None:
        return [f"{found[4]}-{int(found[5]):02d}-{int(found[6]):02d}"]
    first, second, year = int(found[1]), int(found[2]), found[3]
    ways = [f"{year}-{month:02d}-{day:02d}" for day, month in ((first, second), (second, first)) if month <= 12]
    return list(dict.fromkeys(ways)) or [f"{year}-MM-DD"]


def _sign(at: Slip) -> Diagnostic | None:
    """`=`, `>=`, `//`, `#`, `{`, and a stop at the end of a line."""
    rest = at.rest
    number = re.match(r"#(\d+)\b", rest)
    if number is not None and at.previous[0] in ("TIME", "EXPECT"):
        return error("E0205", at.wide(number.end()), f"`{number[0]}` is no name: it begins with a letter",
                     f"write `T{number[1]}`", edit=Edit(at.wide(number.end()), f"T{number[1]}"))
    if rest.startswith(("//", "#", "/*")):
        sign = "#" if rest.startswith("#") else rest[:2]
        return error("E0205", at.wide(len(sign)), f"`{sign}` begins no comment", "a comment begins with `--`",
                     edit=Edit(at.wide(len(sign)), "--"))
    if "IS" in at.accepts:
        sign = next((one for one in _SIGNS if rest.startswith(one)), "")
        if sign:
            return error("E0205", at.wide(len(sign)), f"`{sign}` does not compare", f"write `{_SIGNS[sign]}`")
    if at.kind in ("_NL", "$END") and "VBAR" in at.accepts and at.before and at.before[0][0] == "VBAR":
        end = Span(at.span.source, at.span.end, at.span.end)
        return error("E0202", end, "a row ends with `|`", "write it behind the last cell", edit=Edit(end, " |"))
    if "VBAR" in at.accepts and not at.previous[0] and "|" in rest:
        return error("E0201", at.wide(0), "a row begins with `|`", "write it before the first cell",
                     edit=Edit(at.wide(0), "| "))
    if at.span.text in (":", ";", ".") and rest.strip() == at.span.text:
        return error("E0205", at.span, f"a line does not end with `{at.span.text}`", "leave it out",
                     edit=Edit(at.span, ""))
    if at.span.text in ("{", "}"):
        return error("E0205", at.span, f"`{at.span.text}` makes no block",
                     "what belongs to a line is indented under it; leave the sign out")
    return None


def _zone(at: Slip) -> Diagnostic | None:
    """`EST`, `Eastern Time`, `New York`."""
    if "ZONE" not in at.accepts:
        return None
    words = at.rest.split(" --")[0].strip()
    place = _place_of(words)
    if place is not None:
        return error("E0201", at.wide(len(words)), f"`{words}` is not how a zone is written", f"write `{place}`",
                     edit=Edit(at.wide(len(words)), place))
    known = _ZONES.get(at.span.text.upper())
    if known is None:
        return None
    place, offset = known
    return error("E0201", at.span, f"`{at.span.text}` is no zone: it may mean a place's clocks or an offset",
                 f"write the place, as `{place}`, or the offset, as `{offset}`; where the contract leaves it open, "
                 "make it a `reading`")


def _place_of(words: str) -> str | None:
    """The zone that is named after a city, or by the people of a country."""
    plain = re.sub(r"[\"“”]|\b(?:standard |daylight |local )?time(?: zone)?$", "", words, flags=re.IGNORECASE).strip()
    if plain.lower() in _COMMON_ZONES:
        return _COMMON_ZONES[plain.lower()]
    city = plain.replace(" ", "_").lower()
    zones = files("tzdata").joinpath("zones").read_text("utf-8").split()  # the pinned ones, whatever the machine has
    return next((one for one in sorted(zones) if "/" in one and f"/{one.lower()}".endswith(f"/{city}")), None)


def _word(at: Slip) -> Diagnostic | None:
    """Words that lead on where none can: `if … if`, `then`, `end`, `in 5 days`, `within 5 days of`, `severity 1`."""
    word, (kind, earlier) = at.span.text, at.previous
    if at.kind == "IF" and any(one == "IF" for one, span in at.before if span != at.span):
        return error("E0201", at.span, "a second `if` on one line",
                     "write it on a line of its own under the first, or join the two with `and`")
    if word == "then":
        return error("E0201", at.span, "a condition is not followed by `then`",
                     "what is owed has a line of its own: `PARTY must ACT`")
    if word.lower() in ("end", "endif", "done") and at.rest.strip() == word and not earlier:
        return error("E0201", at.span, f"`{word}` closes nothing: a block ends where the indentation goes back",
                     "leave the line out")
    if kind == "IN" and at.kind == "NUMBER" and "LESS" in at.accepts:
        span = next(span for one, span in reversed(at.before) if one == "IN")
        return error("E0201", span, "`in` does not begin a limit", f"write `within {at.rest.strip()}`",
                     edit=Edit(span, "within"))
    if kind == "UNIT" and word in ("of", "from", "since"):
        return error("E0201", at.span, f"`{word}` does not say from when a time runs",
                     "it runs from what sets the rule off; from another event it is `after`, as "
                     "`after request opened`")
    level = at.kind == "NUMBER" or (at.kind == "NAME" and not word.islower())
    if kind == "SEVERITY" and level and "IS" in at.accepts:
        return error("E0201", at.span, f"`is` is missing before `{word}`", f"write `severity is {word}`",
                     edit=Edit(at.wide(0), "is "))
    return None


_LEADING_ON = ("AFTER", "BY", "AND", "OR", "IF", "OTHERWISE", "UNTIL")
"""Words that lead on after a calendar's name, though not here."""


_LEADING = ("of", "from", "since", "for", "unless", "when", "while", "to", "on", "at", "during", "outside", "in")


def _blank_in_a_name(at: Slip) -> Diagnostic | None:
    """`counted in support hours`."""
    kinds = [kind for kind, span in at.before if span.end <= at.span.start]
    named = kinds[-1:] == ["NAME"] and kinds[-2:-1] in (["IN"], ["DURING"], ["OUTSIDE"], ["WITHIN"])
    if not named or not at.span.text.isidentifier() or at.kind in _LEADING_ON or at.span.text in _LEADING:
        return None
    first, second = at.previous[1], at.span.text
    if kinds[-2] == "WITHIN":
        return error("E0201", at.span, f"`{first} {second}` is two words, and a name is one",
                     f"write the head of a column as it is declared, such as `{first}_{second}`")
    return error("E0201", at.span, f"`{first} {second}` is two words, and a name is one",
                 f"write it as it is declared, such as `{first.capitalize()}{second.capitalize()}` or "
                 f"`{first}_{second}`")


_LOOKS: tuple[Callable[[Slip], Diagnostic | None], ...] = (
    _owing, _date, _unit, _times, _zone, _sign, _word, _blank_in_a_name,
)
