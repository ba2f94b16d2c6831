"""Every bad policy of the corpus says what is wrong with it, word for word; every good one says nothing.

After a change of a message: ``RECORD_CORPUS=1 python -m pytest tests/resolve/test_corpus.py``, and read the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from slarules.diagnostics import Diagnostic
from slarules.loader import load

CORPUS = Path(__file__).parents[1] / "corpus"
BAD = sorted((CORPUS / "bad").glob("*.sla"))
GOOD = sorted((CORPUS / "good").glob("*.sla"))
CONTRACTS = sorted(CORPUS.parents[1].glob("contracts/*/policy.sla"))
SOURCES = CORPUS.parents[1] / "slarules"


def rendered(diagnostic: Diagnostic) -> str:
    """One diagnostic as the corpus keeps it; places are by file name, since folders differ from machine to machine."""
    def place(span: object) -> str:
        return Path(str(span)).name

    lines = [f"{place(diagnostic.span)}: {diagnostic.code} {diagnostic.message}"]
    lines += [f"  help: {diagnostic.help}"] if diagnostic.help else []
    lines += [f"  see {place(span)}: {words}" for span, words in diagnostic.related]
    lines += [f"  edit: `{diagnostic.edit.text}`"] if diagnostic.edit else []
    return "\n".join(lines)


def said_of(path: Path) -> str:
    text = "\n".join(rendered(diagnostic) for diagnostic in load(path).diagnostics) + "\n"
    return text.replace(str(CORPUS / "bad") + os.sep, "")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_policy_is_told_what_is_wrong(path: Path) -> None:
    golden = path.with_suffix(".txt")
    if "RECORD_CORPUS" in os.environ:
        golden.write_text(said_of(path), encoding="utf-8")
    assert said_of(path) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*GOOD, *CONTRACTS], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_good_policy_is_told_nothing(path: Path) -> None:
    loaded = load(path)
    assert [rendered(diagnostic) for diagnostic in loaded.diagnostics] == []
    assert loaded.contract is not None


def test_a_file_too_large_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "policy.sla"
    path.write_text("slarules 1\n" + "-- ten megabytes of nothing\n" * 400_000, encoding="utf-8")
    (problem,) = load(path).diagnostics
    assert (problem.code, problem.span.line) == ("E0108", 1)


def emitted(*folders: str) -> set[str]:
    """Codes that stand in the sources of these folders."""
    texts = (path.read_text(encoding="utf-8") for folder in folders for path in (SOURCES / folder).glob("*.py"))
    return {code for text in texts for code in re.findall(r'"([EW]\d{4})"', text)}


def test_each_code_of_parsing_and_resolving_is_in_the_corpus() -> None:
    told = {code for path in BAD for code in re.findall(r": ([EW]\d{4}) ", path.with_suffix(".txt").read_text("utf-8"))}
    assert emitted("syntax", "resolve") - told == {"E0108", "E0120"}  # too large, not formatted: in their own tests


def test_messages_are_in_the_house_style() -> None:
    for path in BAD:
        for diagnostic in load(path).diagnostics:
            assert not diagnostic.message.endswith("."), diagnostic
            assert diagnostic.message[0] in "`“0123456789" or diagnostic.message[0].islower(), diagnostic
            assert "\n" not in diagnostic.message
            if diagnostic.code[1] != "0" or diagnostic.code >= "E0300":
                assert diagnostic.help, diagnostic
