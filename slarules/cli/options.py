"""What commands that judge are told besides files: instant, readings, what parties supplied, mappings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import click
from attrs import frozen

from slarules.calendars import zones
from slarules.calendars.zones import day_start
from slarules.cli import output
from slarules.cli.asking import judging as judging
from slarules.diagnostics import did_you_mean, has_errors
from slarules.engine.adopt import decided
from slarules.loader import Loaded, load
from slarules.model.calendar import Supplied, Window
from slarules.model.contract import Contract
from slarules.readers.instants import rfc3339
from slarules.readers.rejects import Refused

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WINDOW = re.compile(r"(\d\d?):(\d\d) to (\d\d?):(\d\d)", re.ASCII)
_MINUTE = 60_000_000


@frozen
class Asked:
    """What a log is to be judged by, checked against the contract."""

    contract: Contract
    readings: Mapping[str, str]
    as_of: int
    """Microseconds UTC."""
    supplied: Mapping[str, Supplied]


def asked(file: str, as_of: str, readings: Iterable[str], given: Iterable[str]) -> Asked | int:
    """The policy and the options of ``judging``; or the exit code. Raises ``click.BadParameter``."""
    loaded = sound_policy(file)
    if isinstance(loaded, int):
        return loaded
    contract = loaded.contract
    assert contract is not None
    chosen = chosen_readings(contract, readings)
    return Asked(contract, chosen, instant(contract, chosen, as_of), supplied(contract, given))


def sound_policy(path: str) -> Loaded | int:
    """The policy, its diagnostics on stderr; or the exit code, where it cannot be judged by."""
    loaded = load(path)
    output.diagnostics(output.messages(), loaded.diagnostics)
    if loaded.unreadable:
        return 1
    if loaded.contract is None:
        if not has_errors(loaded.diagnostics):
            output.say(f"`{path}` holds no contract: name the policy file itself")
            return 1
        return 3
    return loaded


def instant(contract: Contract, readings: Mapping[str, str], text: str) -> int:
    """The instant of ``--as-of``, in microseconds. Raises ``click.BadParameter``."""
    zone = own_zone(contract, readings)
    if _DATE.fullmatch(text.strip()):
        if zone is None:
            raise click.BadParameter(
                f"`{text}` is a date and the contract has no zone: write {text}T00:00:00Z",
                param_hint="--as-of",
            )
        try:
            return zones.in_range(day_start(date.fromisoformat(text.strip()), zone))
        except (ValueError, zones.OutOfRange):
            raise click.BadParameter(
                f"there is no date `{text}` within 1970 to 2200", param_hint="--as-of"
            ) from None
    try:
        return rfc3339(text.strip())
    except Refused as wrong:
        told = wrong.cause.replace("is not a time such as", "is neither a date such as 2026-03-02 nor a time such as")
        if wrong.code == "E0632" and zone is not None:
            told = (
                f"`{text}` names no zone: add Z or an offset such as +01:00 (the contract's zone is {zone})"
            )
        raise click.BadParameter(told, param_hint="--as-of") from None


def own_zone(contract: Contract, readings: Mapping[str, str]) -> str | None:
    """The contract's zone under these readings."""
    adopted = {name: reading.adopted for name, reading in contract.readings.items()}
    zone = decided(contract.zone, adopted | dict(readings))
    return zone if isinstance(zone, str) else None


def chosen_readings(contract: Contract, given: Iterable[str]) -> dict[str, str]:
    """Reading → option. Raises ``click.BadParameter`` with the nearest name for any other."""
    chosen: dict[str, str] = {}
    for text in given:
        name, option = _pair(text, "--readings", "NAME=OPTION")
        if name not in contract.readings:
            raise no_such("--readings", "the contract has no reading", name, sorted(contract.readings))
        options = [o.name for o in contract.readings[name].options]
        if option not in options:
            raise no_such("--readings", f"the reading `{name}` has no option", option, sorted(options))
        chosen[name] = option
    return chosen


def supplied(contract: Contract, given: Iterable[str]) -> dict[str, Supplied]:
    """Name of a supplied list or calendar → what was given. Raises ``click.BadParameter``."""
    wanted = {n for terms in contract.versions for n, listed in terms.holidays.items() if listed.supplied_by}
    calendars = {n for terms in contract.versions for n, rule in terms.calendars.items() if rule.supplied_by}
    found: dict[str, Supplied] = {}
    for text in given:
        name, what = _pair(text, "--supplied", "NAME=WHAT")
        if name not in wanted | calendars:
            known = sorted(wanted | calendars)
            raise no_such("--supplied", "the contract has no supplied list or calendar", name, known)
        if re.match(r"\d{4}-|none\b|known until", what):
            lines = [part.strip() for part in what.split(",")]
        else:
            try:
                lines = Path(what).read_text("utf-8-sig").splitlines()
            except (OSError, UnicodeDecodeError) as wrong:
                said = (
                    wrong.strerror.lower()
                    if isinstance(wrong, OSError) and wrong.strerror
                    else "it is not UTF-8"
                )
                raise click.BadParameter(f"cannot read `{what}`: {said}", param_hint="--supplied") from None
        found[name] = _given(name, lines, name in calendars)
    return found


def _given(name: str, lines: Iterable[str], calendar: bool) -> Supplied:
    """Lines `2026-12-25`, of a calendar `2026-12-24 09:00 to 12:00`, and once `known until 2027-01-01`."""
    dates: list[date] = []
    windows: list[tuple[date, tuple[Window, ...]]] = []
    until: date | None = None
    for line in lines:
        words = re.split(r"--|#", line, maxsplit=1)[0].strip()
        if not words or words == "none":
            continue
        if words.startswith("known until"):
            until = _date(name, words.removeprefix("known until").strip())
        elif calendar:
            day, _, times = words.partition(" ")
            windows.append((_date(name, day), tuple(_window(name, part) for part in times.split(" and "))))
        else:
            dates.append(_date(name, words.split(" ")[0]))
    if until is None:
        raise click.BadParameter(
            f"`{name}` does not say how far it reaches: add `known until 2027-01-01`, the first "
            "date of which it says nothing",
            param_hint="--supplied",
        )
    return Supplied(tuple(dates), tuple(windows), until)


def _date(name: str, text: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise click.BadParameter(
        f"`{text}` in `{name}` is no date: write it as 2026-12-25", param_hint="--supplied"
    )


def _window(name: str, text: str) -> Window:
    match = _WINDOW.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[3]) > 24 or int(match[2]) > 59 or int(match[4]) > 59:
        raise click.BadParameter(
            f"`{text}` in `{name}` are no opening times: write 09:00 to 12:00", param_hint="--supplied"
        )
    opens, closes = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    return Window(opens * _MINUTE, closes * _MINUTE)


def mappings(given: Iterable[str], files: Iterable[str]) -> dict[str, str | None]:
    """Each event file's mapping file. Raises ``click.BadParameter`` for a file that is not among them."""
    found: dict[str, str | None] = dict.fromkeys(files)
    for text in sorted(given, key=lambda t: "=" in t):
        file, equals, mapping = text.partition("=")
        if not equals:
            found = dict.fromkeys(found, text)
        elif file in found:
            found[file] = mapping
        else:
            raise no_such("--map", "there is no event file", file, sorted(found))
    return found


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise click.BadParameter(f"`{text}` is not of the form {form}", param_hint=option)
    return name.strip(), value.strip()


def no_such(option: str, message: str, name: str, known: Sequence[str]) -> click.BadParameter:
    """A name that is none of those known: the nearest, or the first of them in their order."""
    listed = ", ".join(f"`{one}`" for one in known[:12]) + (" …" if len(known) > 12 else "")
    told = did_you_mean(name, known) or (f"there are {listed}" if known else "there are none")
    return click.BadParameter(f"{message} `{name}`; {told}", param_hint=option)
