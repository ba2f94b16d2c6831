"""The glossary: each term once, in order, and every class of the model under the term that it holds."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pkgutil import iter_modules

import attrs

import slarules.model
from tests.docs.pages import ROOT

TEXT = (ROOT / "docs/glossary.md").read_text("utf-8")
TERMS = re.findall(r"^### (.+)$", TEXT, re.MULTILINE)


def test_terms_are_unique_and_in_order() -> None:
    folded = [term.casefold() for term in TERMS]
    assert folded == sorted(set(folded))


def test_every_term_is_defined() -> None:
    for part in TEXT.split("\n### ")[1:]:
        term, _, definition = part.partition("\n")
        assert definition.strip().split("In the model:")[0].strip(), f"`{term}` has no definition"


def test_every_class_of_the_model_stands_under_one_term() -> None:
    named = [
        name for line in re.findall(r"^In the model: (.+?)\.$", TEXT, re.MULTILINE | re.DOTALL)
        for name in re.findall(r"`(\w+)`", line)
    ]
    assert len(named) == len(set(named)), "a class stands under two terms"
    assert set(named) == classes()


def classes() -> set[str]:
    """The names of all classes of the model."""
    modules = [import_module(f"slarules.model.{module.name}") for module in iter_modules(slarules.model.__path__)]
    return {
        name for module in modules for name, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__ and attrs.has(found)
    }


def test_rules_that_it_cites_exist() -> None:
    rules = (ROOT / "docs/semantics.md").read_text("utf-8")
    for number in set(re.findall(r"\bR(\d+)\b", TEXT)):
        assert f"### R{number} " in rules


def test_the_rules_of_judging_are_all_there() -> None:
    rules = re.findall(r"^### R(\d+) ", (ROOT / "docs/semantics.md").read_text("utf-8"), re.MULTILINE)
    assert [int(number) for number in rules] == list(range(1, 37))
