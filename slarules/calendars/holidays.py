"""Public holidays of countries, from the pinned `holidays` package. Their names are English on every machine.

The package revises even past years between releases, so a result should name `version` and the dates it used. It
imports all its countries for the sake of one, so what it says is kept, for the release that said it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from slarules import kept

PUBLIC = ("public",)
"""The categories that a contract's "public holidays" or "national holidays" means unless it says more."""


class UnknownHolidays(ValueError):
    """A country, subdivision or category that the package does not know."""


class HolidaysOutOfRange(ValueError):
    """Years of which the package says nothing for the country: silence is not "no holidays"."""

    first = 0
    """The first year of which it says something, where it is silent of earlier ones alone."""


def named(
    country: str,
    subdivision: str | None,
    years: Iterable[int],
    *,
    observed: bool = True,
    categories: Iterable[str] = PUBLIC,
    as_known: bool = False,
) -> tuple[tuple[date, str], ...]:
    """The holidays of some years in order of date; several on one date share an entry, joined by ``; ``.

    ``country`` and ``subdivision`` are ISO 3166 codes. Without ``observed``, only the holidays' own dates
    count, not the weekdays on which a weekend's holiday is kept. ``as_known`` leaves out years of which the
    package says nothing; without it they are refused.
    """
    asked = (country, subdivision, sorted(set(years)), observed, tuple(categories), as_known)
    path = _path(asked)
    before = None if path is None else kept.read(path)
    if before is not None:
        return tuple((date.fromisoformat(day), name) for day, name in json.loads(before))
    found = _told(*asked)
    if path is not None:
        kept.write(path, json.dumps([(day.isoformat(), name) for day, name in found]).encode())
    return found


def _told(
    country: str, subdivision: str | None, years: list[int], observed: bool, categories: tuple[str, ...],
    as_known: bool,
) -> tuple[tuple[date, str], ...]:
    """What the package says now."""
    library = _library()
    country_class = _country(library, country)
    _check_subdivision(country, country_class, subdivision)
    _check_categories(country, country_class, categories)
    if as_known:
        years = [year for year in years if country_class.start_year <= year <= country_class.end_year]
    _check_years(country, country_class, years)
    languages = country_class.supported_languages
    found = library.country_holidays(
        country,
        subdiv=subdivision,
        years=years,
        expand=False,
        observed=observed,
        categories=categories,
        language="en_US" if "en_US" in languages else country_class.default_language,
    )
    return tuple((day, "; ".join(sorted(set(found.get_list(day))))) for day in sorted(found))


def _path(asked: tuple[Any, ...]) -> Path | None:
    """Where an answer of the installed release is kept; None: nowhere, or it cannot be told which release that is."""
    package = find_spec("holidays")
    if package is None or package.origin is None:
        return None
    releases = [*Path(package.origin).parents[1].glob("holidays-*.dist-info")]
    folder = kept.folder("holidays") if len(releases) == 1 else None
    if folder is None:
        return None
    said_by = (releases[0].name, releases[0].stat().st_mtime_ns, asked)
    own = hashlib.sha256(repr(said_by).encode() + Path(__file__).read_bytes())
    return folder / f"{own.hexdigest()[:16]}.json"


def _library() -> ModuleType:
    import holidays  # a fifth of a second

    return holidays


def _country(library: ModuleType, country: str) -> Any:
    codes = [*library.registry.EntityLoader.get_country_codes()]  # what lists subdivisions too loads every country
    if country in codes:
        return getattr(library, country)
    titles = {names[0]: names[1] for names in library.registry.COUNTRIES.values()}  # UnitedStates: US
    near = [titles.get(word, word) for word in _nearest(country, [*codes, *titles])]
    raise UnknownHolidays(f"no holidays are known of `{country}`{_suggestion(near)}")


def _check_subdivision(country: str, country_class: Any, subdivision: str | None) -> None:
    if subdivision is None:
        return
    known = country_class.subdivisions
    if subdivision not in known:
        what = f"no holidays are known of `{subdivision}` in {country}"
        there = f": there are {', '.join(known)}" if known else ": it has no subdivisions"
        raise UnknownHolidays(what + (_suggestion(_nearest(subdivision, known)) or there))


def _check_categories(country: str, country_class: Any, categories: tuple[str, ...]) -> None:
    for category in categories:
        if category not in country_class.supported_categories:
            known = ", ".join(sorted(country_class.supported_categories))
            raise UnknownHolidays(f"{country} has no `{category}` holidays: there are {known}")


def _check_years(country: str, country_class: Any, years: list[int]) -> None:
    first, last = country_class.start_year, country_class.end_year
    outside = [year for year in years if not first <= year <= last]
    if outside:
        known = f"the holidays of {country} are known for {first}–{last}"
        wrong = HolidaysOutOfRange(f"{known}, not for {outside[0]}")
        wrong.first = first if outside[-1] < first else 0
        raise wrong


def _nearest(word: str, known: Iterable[str]) -> list[str]:
    folded: dict[str, str] = {}
    for name in sorted(known):
        folded.setdefault(name.casefold(), name)
    plain = word.replace(" ", "").casefold()
    if plain in folded:
        return [folded[plain]]
    return [folded[name] for name in get_close_matches(plain, folded, n=3, cutoff=0.7)]


def _suggestion(near: list[str]) -> str:
    return f": did you mean {' or '.join(f'`{name}`' for name in dict.fromkeys(near))}?" if near else ""
