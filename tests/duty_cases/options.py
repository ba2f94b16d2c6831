"""Options of choices as the language takes them: each with one duty, whatever the case lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.case_files import asked, given
from tests.duty_cases.words import listed

NO_DUTY = "no_duty_of_"
"""How the duty is called that stands in an option without any, as the language wants one."""
FURTHER = "further_choice_"
"""How a choice is called that holds the second, third … duties of another's options: what elects one elects both."""


def one_duty_each(contract: dict[str, Any]) -> None:
    """Gives each option one duty: none becomes one of no account, several are spread over further choices."""
    further: list[dict[str, Any]] = []
    for number, choice in enumerate(listed(contract.get("choices"))):
        place = f"contract.choices[{number}]"
        given(asked(choice, dict, place), "name", str, place)
        options = given(choice, "options", dict, place)
        most = max((len(asked(duties, list, f"{place}.options.{name}")) for name, duties in options.items()), default=1)
        for rest in range(1, most):
            spread = {name: duties[rest : rest + 1] for name, duties in options.items()}
            name = f"{FURTHER}{number}_{rest}"
            further.append({**choice, "name": name, "further_of": choice["name"], "options": spread})
        for duties in options.values():
            del duties[1:]
    if further:
        contract["choices"] = [*listed(contract["choices"]), *further]
    for number, choice in enumerate(listed(contract.get("choices"))):
        for nth, duties in enumerate(choice["options"].values()):
            if not duties:
                duties.append({"name": f"{NO_DUTY}{number}_{nth}", "trigger": {}, "target": {"kind": "none"}})


def further_choices(contract: Mapping[str, Any]) -> dict[str, str]:
    """Each further choice, and the choice of the case to which its duties belong."""
    choices = listed(contract.get("choices"))
    return {choice["name"]: choice["further_of"] for choice in choices if choice.get("further_of")}


def elected_in_all(facts: dict[str, Any], further: Mapping[str, str]) -> dict[str, Any]:
    """The facts of an election, which elects the option in the further choices, too."""
    option = facts.get("option")
    also = {
        name: facts.get(first, option if facts.get("choice", first) == first else None)
        for name, first in further.items()
    }
    return {**facts, **{name: chosen for name, chosen in also.items() if chosen is not None}}
