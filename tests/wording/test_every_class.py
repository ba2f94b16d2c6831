"""Every class of the model can be put into words: each is met in the contracts or the corpus, and none is left over."""

from __future__ import annotations

import inspect
import re
from types import ModuleType

import attrs
import pytest

from slarules.model import calendar, expression, life, limit, rules, value
from slarules.model.walk import inside
from slarules.wording.rules import sentence, sentences
from tests.wording.contracts import NAMES, contract_of, rules_of

MODULES: tuple[ModuleType, ...] = (calendar, expression, life, limit, rules, value)
NO_WORDS = {
    "Citation": "the words of the contract themselves",
    "Quotation": "the words of the contract themselves",
    "Supplied": "given when a policy is run, and in no rule",
    "Unknown": "a value while judging, and in no rule",
}


WRITERS_OWN = re.compile(r"`[^`]*`|America/\w+")
"""Names in backquotes are the policy writer's own; zones are written as they are."""
SLIPS = re.compile(r"  |\.\.| [,.]|,,|\(\)|\b1 (hour|minute|day|month)s\b|“”|\ba [aeio]\w+ is ")


def of_the_model() -> set[str]:
    found = set()
    for module in MODULES:
        for name, one in inspect.getmembers(module, inspect.isclass):
            if attrs.has(one) and one.__module__ == module.__name__:
                found.add(name)
    return found


def test_every_class_of_the_model_is_put_into_words_by_the_tests() -> None:
    met = {type(one).__name__ for name in (*NAMES, "corpus") for _, rule, _ in rules_of(contract_of(name))
           for one in inside(rule)}
    assert of_the_model() - set(NO_WORDS) - met == set()


@pytest.mark.parametrize("name", [*NAMES, "corpus"])
def test_words_are_whole_sentences_without_the_policys_spelling(name: str) -> None:
    """With the contract or without it: a capital, a full stop, no underscore but a zone's, no two blanks or stops."""
    contract = contract_of(name)
    for label, rule, terms in rules_of(contract):
        for said in (sentence(rule, terms, contract), sentence(rule, terms)):
            plain = WRITERS_OWN.sub("", said)
            assert said, label
            assert said[-1] in ".?!", (label, said)
            assert not said[0].islower() or said.startswith(contract.ticket), (label, said)
            assert "_" not in plain or label.startswith(("readings", "note", "facts")), (label, said)
            assert not SLIPS.search(said), (label, said)


def test_a_class_that_nobody_thought_of_is_an_error() -> None:
    terms = contract_of("corpus").versions[0]
    with pytest.raises(AssertionError, match="unreachable"):
        sentence(object(), terms)  # type: ignore[arg-type]


def test_without_the_contract_no_option_is_said_to_be_adopted() -> None:
    contract = contract_of("trak")
    terms = contract.versions[0]
    with_it = sentence(terms.calendars["BusinessHours"], terms, contract)
    without = sentence(terms.calendars["BusinessHours"], terms)
    assert "(adopted)" in with_it
    assert "adopted" not in without
    assert "“lunch” means: from 08:00 to 12:00 and from 13:00 to 17:00" in without


def test_what_the_readings_say_comes_last() -> None:
    """Editors and pages may set it apart: each such sentence begins in one way, and no other does."""
    contract = contract_of("trak")
    terms = contract.versions[0]
    said = sentences(terms.duties["daily_report"], terms, contract)
    on_readings = [one.startswith("In the reading “") for one in said]
    assert on_readings == sorted(on_readings)
    assert any(on_readings)
    assert said[0].startswith("When “resolution” is missed for a request or “resolution at new level” is missed for a "
                              "request, Trak must report to Customer about the")
