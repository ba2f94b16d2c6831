"""The grammars of the editors have the keywords of the language's own grammar: they cannot drift from it."""

from __future__ import annotations

import importlib.util
import json
import re
from types import ModuleType

import pytest

from slarules.syntax.parse import keywords
from tests.docs.pages import ROOT


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "editors" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_files_are_as_they_are_generated() -> None:
    for path, text in generator().files().items():
        assert path.read_text("utf-8") == text, f"run `python editors/generate.py`: {path.name} is not up to date"


TEXTMATE = json.loads((ROOT / "editors/vscode/syntaxes/slarules.tmLanguage.json").read_text("utf-8"))


def test_patterns_compile_and_are_all_used() -> None:
    used = {one["include"].removeprefix("#") for one in TEXTMATE["patterns"]}
    assert used == set(TEXTMATE["repository"])
    for part in TEXTMATE["repository"].values():
        re.compile(part["match"])


@pytest.mark.parametrize("word", keywords())
def test_each_keyword_is_coloured(word: str) -> None:
    parts = TEXTMATE["repository"]
    coloured = any(re.search(parts[part]["match"], word) for part in ("keyword", "word", "constant"))
    assert coloured or re.search(parts["naming"]["match"], f"  {word} name")
    vim = (ROOT / "editors/vim/syntax/slarules.vim").read_text("utf-8")
    assert re.search(rf"^syntax (keyword .*\b{word}\b|match .*\\<{word}\\>)", vim, re.MULTILINE), f"Vim lacks `{word}`"


def test_what_is_no_keyword_is_not_coloured_as_one() -> None:
    for word in ("response", "musty", "aduty", "must_not", "Trak"):
        for part in ("keyword", "word", "constant"):
            assert not re.search(TEXTMATE["repository"][part]["match"], word), (part, word)


def test_the_extension_names_what_there_is() -> None:
    folder = ROOT / "editors/vscode"
    package = json.loads((folder / "package.json").read_text("utf-8"))
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))
    assert lock["packages"][""]["devDependencies"] == package["devDependencies"]
    for language, grammar in zip(package["contributes"]["languages"], package["contributes"]["grammars"], strict=True):
        assert (folder / language["configuration"]).exists() and (folder / grammar["path"]).exists()
        assert grammar["scopeName"] == TEXTMATE["scopeName"] and language["id"] == grammar["language"]
    assert "source.slarules" in TEXTMATE["scopeName"]
