"""Mends are made from the back, together where they do not touch; one that makes a mistake is undone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from slarules.analysis import linting, mending
from slarules.analysis.linting import Linted
from slarules.analysis.rules import RULES
from slarules.diagnostics import Diagnostic, Edit, Level
from slarules.lint.finding import Finding
from slarules.loader import Loaded
from slarules.source import Source, Span

POLICY = """slarules 1

contract Acme "Support"
  provider Acme
  customer Client
  zone America/Denver

duty answer
  when ticket opened
  Acme must respond to Client within 4 hours
"""
Wish = tuple[str, str]
"""Words of the policy, and what shall stand there."""


def loaded(text: str = POLICY) -> Loaded:
    return linting.rewritten(Loaded("policy.sla", text.encode(), Source("policy.sla", text)), text)


def wishing(monkeypatch: pytest.MonkeyPatch, wishes: Sequence[Wish]) -> list[int]:
    """Lint as if it found these words wherever they stand; how often it looked is counted."""
    looks: list[int] = []

    def found(one: Loaded, scenarios: object, only: object = None) -> Linted:
        looks.append(1)
        assert one.policy is not None
        findings = []
        for words, instead in wishes:
            at = one.policy.text.find(words)
            if at >= 0:
                span = Span(one.policy, at, at + len(words))
                told = Diagnostic("L0301", Level.WARNING, span, f"`{words}`", "mend it", (), Edit(span, instead))
                findings.append(Finding(RULES[0], told))
        return Linted(one, (), tuple(findings))

    monkeypatch.setattr(mending, "linted", found)
    return looks


def mended(monkeypatch: pytest.MonkeyPatch, *wishes: Wish, text: str = POLICY) -> tuple[str, list[str], list[str]]:
    """The text after, what was fixed, and what was undone."""
    wishing(monkeypatch, wishes)
    done = mending.mended(loaded(text), ())
    assert done.loaded.policy is not None
    undone = [f"{one.message} {why}" for one, why in done.undone]
    return done.loaded.policy.text, [one.message for one in done.fixed], undone


def test_mends_that_do_not_touch_are_made_together(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = wishing(monkeypatch, [("America/Denver", "America/New_York"), ("4 hours", "40 minutes"), ("answer", "a")])
    done = mending.mended(loaded(), ())
    assert done.loaded.policy is not None and done.undone == () and len(looks) == 2
    assert done.loaded.policy.text == POLICY.replace("Denver", "New_York").replace("4 hours", "40 minutes").replace(
        "answer", "a")
    assert [one.message for one in done.fixed] == ["`America/Denver`", "`answer`", "`4 hours`"]
    assert done.loaded.contract is not None and list(done.loaded.contract.versions[0].duties) == ["a"]


@pytest.mark.parametrize("wishes", [
    [("within 4 hours", "in less than 4 hours"), ("4 hours", "5 hours")],
    [("4 hours", "5 hours"), ("within 4 hours", "in less than 4 hours")],
    [("Client within", "Client in less than"), ("within 4 hours", "within 5 hours")],
])
def test_mends_that_touch_are_made_one_after_the_other(monkeypatch: pytest.MonkeyPatch, wishes: list[Wish]) -> None:
    text, fixed, undone = mended(monkeypatch, *wishes)
    assert undone == []
    first = min(wishes, key=lambda wish: POLICY.index(wish[0]))
    assert fixed[0] == f"`{first[0]}`"
    after = POLICY.replace(*first)
    for wish in wishes:
        after = after.replace(*wish)
    assert text == after


def test_a_mend_that_makes_a_mistake_is_undone_and_the_others_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    text, fixed, undone = mended(monkeypatch, ("ticket opened", "ticket opend"), ("4 hours", "5 hours"))
    assert text == POLICY.replace("4 hours", "5 hours")
    assert fixed == ["`4 hours`"]
    assert len(undone) == 1 and undone[0].startswith("`ticket opened` E0305: ")


def test_a_mend_that_breaks_the_spelling_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    text, fixed, undone = mended(monkeypatch, ("  Acme must", "\tAcme mist"))
    assert (text, fixed) == (POLICY, []) and len(undone) == 1


def test_a_mend_that_changes_nothing_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    text, fixed, undone = mended(monkeypatch, ("4 hours", "4 hours"))
    assert (text, fixed, undone) == (POLICY, [], ["`4 hours` it changes nothing"])


def test_a_mend_that_calls_for_itself_again_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "MOST", 20)
    text, fixed, _ = mended(monkeypatch, ("within ", "within  "))
    assert len(fixed) == 20 and text.count(" ") == POLICY.count(" ") + 20


def test_mistakes_that_were_there_before_are_no_reason_to_undo(monkeypatch: pytest.MonkeyPatch) -> None:
    text, fixed, undone = mended(monkeypatch, ("4 hours", "5 hours"), text=POLICY.replace("opened", "opend"))
    assert "5 hours" in text and fixed == ["`4 hours`"] and undone == []


def test_an_old_zone_is_mended_for_good() -> None:
    before = loaded(POLICY.replace("America/Denver", "US/Mountain") + "\ncalendar C\n  zone Asia/Calcutta\n"
                    "  open Monday 08:00 to 17:00\n")
    done = mending.mended(before, (), frozenset({"old-zone-name"}))
    assert done.loaded.policy is not None
    assert [one.edit.text for one in done.fixed if one.edit] == ["America/Denver", "Asia/Kolkata"]
    assert "zone America/Denver" in done.loaded.policy.text and "zone Asia/Kolkata" in done.loaded.policy.text
    assert linting.linted(done.loaded, (), frozenset({"old-zone-name"})).findings == ()
