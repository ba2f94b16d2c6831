"""What would make a condition so: values that the contract computes, what is left of an allowance; tales told well."""

from __future__ import annotations

from datetime import date

from slarules.documents.examples.stories import stories
from slarules.engine.adopt import adopt
from slarules.engine.evaluate import evaluate, verdicts_on
from slarules.model.expression import AmountRef, Compare, FactRef
from slarules.proposing.playing import supplies
from slarules.proposing.plots import failing, plot_for
from slarules.proposing.setting import settings
from slarules.proposing.ways import ways
from tests.documents.contracts import contract

TODAY = date(2026, 3, 2)


def first(name: str, rule: str):  # type: ignore[no-untyped-def]
    """The setting and the plot that is found for a rule."""
    of = contract(name)
    for setting in settings(of, 0, rule):
        played = plot_for(setting, rule)
        if played is not None:
            return setting, played
    raise AssertionError(rule)


def test_a_fact_that_is_to_be_what_the_contract_computes_takes_that_value() -> None:
    of = contract("collabware")
    adopted = adopt(of, None, supplies(of, TODAY))[0]
    found = next(ways(Compare("is", FactRef("dates_shown"), AmountRef("common_anniversary")), True, adopted, TODAY))
    assert found["fact", "first_maintained_on"] < found["fact", "licensed_on"]
    shown = found["fact", "dates_shown"]
    begun = found["fact", "first_maintained_on"]
    assert (shown.month, shown.day) == (begun.month, begun.day)
    assert 365 < (shown - found["fact", "licensed_on"]).days <= 2 * 366


def test_a_service_against_a_block_of_hours_is_asked_for_when_hours_are_left() -> None:
    setting, played = first("cpi", "administration")
    assert setting.readings == {}
    bought = next(event for event in played.events if event.type == "hours_purchased")
    assert bought.at <= played.at and bought.facts["hours"]


def test_a_ticket_is_opened_once() -> None:
    for name in ("cpi", "copiun", "trak", "collabware"):
        for story in stories(contract(name)):
            opened = [event for event in getattr(story, "events", ()) if event.type == "opened"]
            assert len(opened) <= 1, story.duty.name


def test_a_date_that_is_agreed_is_recorded_with_the_agreement() -> None:
    _, played = first("copiun", "scheduled_updates")
    (agreed,) = [event for event in played.events if event.type == "agreed"]  # what sets it off, and no other before it
    assert "agreed_dates" in agreed.facts


def test_what_fails_differs_in_as_little_as_can_be() -> None:
    setting, played = first("collabware", "prorate")
    failed = failing(setting, played)
    assert failed is not None
    was, now = played.events[-1].facts, failed.events[-1].facts
    assert [name for name in now if now[name] != was.get(name)] == ["added_amount"]


def test_one_subject_is_judged_as_in_the_whole() -> None:
    for name, rule in (("collabware", "first_response"), ("trak", "escalate"), ("copiun", "daily_updates")):
        _, played = first(name, rule)
        plot = played.plot
        for subject in {event.subject for event in played.events}:
            for as_of in (played.at, played.verdict.deadline or played.at):
                whole = evaluate(plot.contract, plot.readings, played.events, as_of, supplied=played.supplied).verdicts
                own = verdicts_on(plot.contract, plot.readings, played.events, as_of, subject, supplied=played.supplied)
                assert own == [verdict for verdict in whole if verdict.subject == subject]
        assert verdicts_on(plot.contract, None, played.events, played.at, "nobody") == []
