"""No counterexample is shown that the engine does not bear out: each kind of claim, true and false."""

from __future__ import annotations

import pytest

from slarules.analysis import linting, questions, vacuity
from slarules.analysis.linting import linted
from slarules.analysis.witnesses import confirmed
from slarules.diagnostics import Level
from slarules.lint.examined import Examined
from slarules.lint.finding import Claim, Disputed, Due, DueLater, Found, NotArisen, Rule, Seen, Wants, Witness
from slarules.loader import Loaded
from slarules.model.verdict import Evaluation
from slarules.resolve.build import resolve
from slarules.source import Source
from slarules.syntax.parse import parse
from tests.engine.small import HEAD, at, contract, log

RULES = """
fact urgent of request: yes or no
fact users of request: number

severities 1, 2
  assigned by Client

severity 1
  applies if users is more than 100

duty answer
  when request opened
  if urgent
  Desk must respond to Client within 2 hours

duty later
  when request opened
  Desk must update Client within 4 hours
"""
LINES = """
2026-03-02 09:00  T1 opened by Client, urgent, users 5, severity 1
09:00             T2 opened by Client, not urgent, users 500, severity 1
09:00             T3 opened by Client
"""
TRUE: dict[str, Claim] = {
    "an instance": Seen("T1", "answer", ("pending",)),
    "whichever state": Seen("T1", "answer", ()),
    "no instance": NotArisen("T2", "answer"),
    "a deadline": Due("T1", "answer", at("2026-03-02 11:00")),
    "a later deadline": DueLater("T1", "later", "T1", "answer"),
    "as late a deadline": DueLater("T1", "later", "T2", "later", or_equal=True),
    "a fact that is wanted": Wants("T3", "answer", "urgent"),
    "a severity that is disputed": Disputed("T1", True),
    "a severity that is not": Disputed("T2", False),
}
FALSE: dict[str, tuple[Claim, str]] = {
    "no such instance": (Seen("T2", "answer", ()), "T2 has no instance of `answer`"),
    "another state": (Seen("T1", "answer", ("breached",)), "T1 `answer#1` is pending, not breached"),
    "an instance all the same": (NotArisen("T1", "answer"), "T1 `answer#1` is pending"),
    "another deadline": (Due("T1", "answer", at("2026-03-02 12:00")),
                         "T1 `answer#1` is pending, due at 2026-03-02T18:00:00+00:00"),
    "no deadline of what there is not": (Due("T2", "answer", 0), "T2 has no instance of `answer`"),
    "no later": (DueLater("T1", "answer", "T1", "later"), "`answer` is due at"),
    "no later than itself": (DueLater("T1", "later", "T2", "later"), "`later` is due at"),
    "later than nothing": (DueLater("T1", "later", "T2", "answer"), "`answer` has no deadline"),
    "a fact that nobody wants": (Wants("T1", "answer", "urgent"), "T1 `answer` does not want `urgent`"),
    "no dispute": (Disputed("T2", True), "the severity of T2 is not disputed"),
    "a dispute": (Disputed("T1", False), "the severity of T1 is disputed"),
}


def witness(*claims: Claim) -> Witness:
    return Witness(tuple(log(RULES, LINES)), at("2026-03-02 09:00"), claims, "a story")


@pytest.mark.parametrize("claim", TRUE.values(), ids=TRUE)
def test_what_the_engine_says_is_confirmed(claim: Claim) -> None:
    assert isinstance(confirmed(contract(RULES), witness(claim)), Evaluation)


@pytest.mark.parametrize("claim, why", FALSE.values(), ids=FALSE)
def test_what_it_does_not_say_is_refused_with_what_it_says(claim: Claim, why: str) -> None:
    said = confirmed(contract(RULES), witness(claim))
    assert isinstance(said, str) and why in said


def test_one_false_claim_among_true_ones_is_enough() -> None:
    assert isinstance(confirmed(contract(RULES), witness(*TRUE.values(), FALSE["a dispute"][0])), str)


def loaded(rules: str) -> Loaded:
    source = Source("small.sla", HEAD + rules)
    tree, spelling = parse(source)
    found, problems = resolve(tree, source, None)
    return Loaded("small.sla", source.text.encode(), source, tree, None, found, (*spelling, *problems))


def test_a_rule_that_lies_is_not_shown_and_is_told_as_our_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def lies(examined: Examined) -> list[Found]:
        node = examined.tree.items[0]
        return [Found(node.span, "`answer` is never owed", "leave it out", witness=witness(NotArisen("T1", "answer")))]

    rule = Rule("L2999", "always-lies", Level.WARNING, "nothing", lies)
    monkeypatch.setattr(linting, "BY_NAME", {rule.name: rule})
    done = linted(loaded(RULES), ())
    assert done.findings == () and done.shown == {}
    assert [(one.rule.name, why) for one, why in done.unconfirmed] == [("always-lies", "T1 `answer#1` is pending")]


def test_a_rule_that_lint_takes_for_dead_and_that_is_not_is_caught_by_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = RULES.replace("if urgent", "if users is more than 5").replace("fact urgent of request: yes or no\n", "")
    assert linted(loaded(rules), (), {vacuity.NEVER}).findings == ()
    vacuity.everything.cache_clear()
    monkeypatch.setattr(questions, "is_dead", lambda free, but=(): free.rule.name == "answer")
    done = linted(loaded(rules), (), {vacuity.NEVER})
    vacuity.everything.cache_clear()
    assert done.findings == () and [one.rule.name for one, _ in done.unconfirmed] == [vacuity.NEVER]


def test_words_that_lint_takes_for_idle_and_that_are_not_are_caught_by_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert linted(loaded(RULES), (), {vacuity.ALWAYS}).findings == ()
    vacuity.everything.cache_clear()
    monkeypatch.setattr(questions, "idle", lambda free, at: True)
    done = linted(loaded(RULES), (), {vacuity.ALWAYS})
    vacuity.everything.cache_clear()
    assert done.findings == () and [one.rule.name for one, _ in done.unconfirmed] == [vacuity.ALWAYS]
