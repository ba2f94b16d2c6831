"""Public holidays of countries, from the pinned `holidays` package. Their names are English on every machine.

The package revises even past years between releases, so a result should name `version` and the dates it used.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from types import ModuleType
from typing import Any

PUBLIC = ("public",)
"""The categories that a contract's "public holidays" or "national holidays" means unless it says more."""


class UnknownHolidays(ValueError):
    """A country, subdivision or category that the package does not know."""


class HolidaysOutOfRange(ValueError):
    """Years of which the package says nothing for the country: silence is not "no holidays"."""


def version() -> str:
    """The release of the `holidays` package, for a verdict to name."""
    from importlib import metadata  # takes long for one number that few ask for

    return metadata.version("holidays")


def named(
    country: str,
    subdivision: str | None,
    years: Iterable[int],
    *,
    observed: bool = True,
    categories: Iterable[str] = PUBLIC,
) -> tuple[tuple[date, str], ...]:
    """The holidays of some years in order of date; several on one date share an entry, joined by ``; ``.

    ``country`` and ``subdivision`` are ISO 3166 codes. Without ``observed``, only the holidays' own dates
    count, not the weekdays on which a weekend's holiday is kept.
    """
    library = _library()
    country_class = _country(library, country)
    wanted = sorted(set(years))
    _check_subdivision(country, country_class, subdivision)
    _check_categories(country, country_class, tuple(categories))
    _check_years(country, country_class, wanted)
    languages = country_class.supported_languages
    found = library.country_holidays(
        country,
        subdiv=subdivision,
        years=wanted,
        expand=False,
        observed=observed,
        categories=tuple(categories),
        language="en_US" if "en_US" in languages else country_class.default_language,
    )
    return tuple((day, "; ".join(sorted(set(found.get_list(day))))) for day in sorted(found))


def _library() -> ModuleType:
    import holidays  # a fifth of a second, which most commands need not spend

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
        raise HolidaysOutOfRange(f"{known}, not for {outside[0]}")


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
