"""Single phrases: conditions and their opposites, lengths of time, lists, articles, acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from slarules.model.expression import (
    AllOf,
    AnyOf,
    Arithmetic,
    Compare,
    Condition,
    FactRef,
    Happened,
    InCalendar,
    Literal,
    Not,
    OneOf,
    Pattern,
    Recorded,
    SeverityRef,
    Shifted,
    Truth,
)
from slarules.model.limit import Column, CountedIn, Every, Sooner, Within
from slarules.model.rules import Duty, OnBoth, OnEvent, Right
from slarules.model.value import HOUR, MINUTE, AsRead, Civil, Elapsed, Money
from slarules.wording.acts import done
from slarules.wording.conditions import holds
from slarules.wording.grammar import article, labelled, listed, ordinal
from slarules.wording.limits import limit
from slarules.wording.rules import sentence
from slarules.wording.triggers import when
from slarules.wording.values import length, plain, value
from slarules.wording.voice import Voice
from tests.wording.contracts import contract_of

CONTRACT = contract_of("corpus")
TERMS = CONTRACT.versions[0]
VOICE = Voice(TERMS, CONTRACT, "ticket")
SATISFIED, KEPT = Truth(FactRef("satisfied")), Truth(FactRef("kept"))
BY_EMAIL = Compare("is", FactRef("channel"), Literal("email"))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (SATISFIED, "“satisfied” is yes"),
        (Not(SATISFIED), "“satisfied” is no"),
        (Not(Not(SATISFIED)), "“satisfied” is yes"),
        (KEPT, "“kept” of the agreement is yes"),
        (Not(BY_EMAIL), "“channel” is not “email”"),
        (Compare("at_least", FactRef("agreed_date"), Literal(date(2026, 3, 2))),
         "“agreed date” is on or after 2 March 2026"),
        (Compare("at_least", FactRef("agreed_date"), Shifted(FactRef("agreed_date"), Civil(30), 1)),
         "“agreed date” is at least 30 days after the agreed date"),
        (Not(Compare("at_least", FactRef("agreed_date"), Shifted(FactRef("agreed_date"), Civil(30), 1))),
         "“agreed date” is less than 30 days after the agreed date"),
        (Compare("at_least", FactRef("agreed_date"), Shifted(FactRef("agreed_date"), Civil(30), -1)),
         "“agreed date” is on or after 30 days before the agreed date"),
        (Not(Compare("at_least", FactRef("agreed_date"), FactRef("agreed_date"))),
         "“agreed date” is before “agreed date”"),
        (Not(Compare("at_most", Literal(date(2026, 3, 2)), FactRef("agreed_date"))),
         "2 March 2026 is after “agreed date”"),
        (Not(Compare("at_least", SeverityRef(), Literal("2"))), "the severity is milder than 2"),
        (Compare("more", SeverityRef(), Literal("2")), "the severity is graver than 2"),
        (Not(OneOf(FactRef("channel"), (Literal("email"), Literal("web")))), "“channel” is neither “email” nor “web”"),
        (Not(OneOf(FactRef("channel"), (Literal("email"),), True)), "“channel” is “email”"),
        (Not(Happened(Pattern("acknowledged", "Acme"))),
         "the Support request has not been acknowledged by Acme"),
        (Not(Happened(Pattern("resolved"), within=Civil(10))),
         "the Support request has not been resolved within the last 10 days"),
        (Happened(Pattern("resolved"), within=Civil(1), basis="Hours"),
         "the Support request has been resolved within the last open day of Hours"),
        (Happened(Pattern("resolved"), within=Elapsed(7_200_000_000), basis="Hours"),
         "the Support request has been resolved within the last 2 hours counted in Hours"),
        (Not(InCalendar("Hours", True)), "the time is outside Hours"),
        (Not(Recorded(FactRef("satisfied"))), "“satisfied” is not recorded"),
        (AllOf((SATISFIED, BY_EMAIL)), "“satisfied” is yes and “channel” is “email”"),
        (Not(AllOf((SATISFIED, BY_EMAIL))), "either “satisfied” is no or “channel” is not “email”"),
        (Not(AnyOf((SATISFIED, BY_EMAIL))), "“satisfied” is no and “channel” is not “email”"),
        (AllOf((SATISFIED, AnyOf((BY_EMAIL, KEPT)))),
         "all of these hold: (a) “satisfied” is yes; and (b) either “channel” is “email” or “kept” of the agreement "
         "is yes"),
        (AllOf((SATISFIED, AllOf((BY_EMAIL, KEPT)))),
         "“satisfied” is yes, “channel” is “email” and “kept” of the agreement is yes"),
        (Not(AnyOf((SATISFIED, Not(AllOf((BY_EMAIL, KEPT)))))),
         "“satisfied” is no, “channel” is “email” and “kept” of the agreement is yes"),
        (Compare("is", FactRef("channel"), FactRef("kept")), "“channel” is the same as “kept” of the agreement"),
        (Compare("more", FactRef("number_of_users"), Literal(Decimal(2))),
         "“number of users” of the agreement is more than 2"),
        (Not(AsRead("guard", {"a": SATISFIED, "b": BY_EMAIL})),
         "it is not so that “satisfied” is yes (as read in “guard”)"),
    ],
)
def test_conditions_and_their_opposites(condition: Condition, said: str) -> None:
    assert holds(condition, VOICE) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Elapsed(0), "0 seconds"),
        (Elapsed(HOUR), "1 hour"),
        (Elapsed(48 * HOUR), "48 hours"),
        (Elapsed(HOUR + 30 * MINUTE), "1 hour 30 minutes"),
        (Elapsed(1_500_000), "1.5 seconds"),
        (Civil(1), "1 day"),
        (Civil(5, 1, "down"), "1 month 5 days (rounding down)"),
        (Civil(), "0 days"),
    ],
)
def test_lengths_of_time(given: Elapsed | Civil, said: str) -> None:
    assert length(given) == said


def test_known_values() -> None:
    assert plain(True) == "yes"
    assert plain(Decimal("0.50")) == "0.50"
    assert plain(Money(Decimal("100.00"), "USD")) == "100.00 USD"
    assert plain(date(2026, 3, 2)) == "2 March 2026"
    assert plain((date(2026, 3, 2), date(2026, 3, 4))) == "2 March 2026 and 4 March 2026"
    assert plain("other_way") == "other way"
    assert plain("as they say") == "“as they say”"
    with pytest.raises(TypeError):
        plain(object())


def test_arithmetic_keeps_its_order() -> None:
    fee, paid = FactRef("annual_fee"), FactRef("number_of_users")
    agreement = Voice(TERMS, CONTRACT, "agreement")
    both = Arithmetic("plus", fee, paid)
    assert value(Arithmetic("times", both, paid), agreement) == \
        "(the annual fee plus the number of users) multiplied by the number of users"
    assert value(Arithmetic("minus", fee, both), agreement) == \
        "the annual fee minus (the annual fee plus the number of users)"
    assert value(Arithmetic("times", Literal(Decimal("0.1")), fee), agreement) == "10 % of the annual fee"


def test_limits() -> None:
    assert limit(Within(Civil(3), CountedIn("Hours")), VOICE) == "within 3 open days of Hours"
    assert limit(Within(Elapsed(2 * HOUR), CountedIn("Always")), VOICE) == "within 2 hours counted day and night"
    assert limit(Within(Elapsed(HOUR), strict=True), VOICE) == "in less than 1 hour"
    assert limit(Within(Elapsed(0)), VOICE) == "at once"
    assert limit(Within(Column("times", "first_response")), VOICE) == "within the time “first response”"
    both = Sooner((Within(Elapsed(HOUR)), Within(Column("times", "response_time"))))
    assert limit(both, VOICE) == "by the sooner of these: within 1 hour or within the response time"


def test_what_recurs_after_a_tables_time() -> None:
    """`every the time` is no English."""
    assert limit(Every(Column("times", "update_every"), None), VOICE) == "at intervals of the time “update every”"
    assert limit(Every(Column("times", "report_time"), None), VOICE) == "at intervals of the report time"
    assert limit(Every(Elapsed(4 * HOUR), None), VOICE) == "every 4 hours"


def test_grammar() -> None:
    assert [article(noun) for noun in ("hour", "user", "Incident", "request", "agreement", "one-time fee")] == \
        ["an hour", "a user", "an Incident", "a request", "an agreement", "a one-time fee"]
    assert listed(["a"]) == "a" and listed(["a", "b"]) == "a and b" and listed(["a", "b", "c"], "or") == "a, b or c"
    assert labelled(["x", "y", "z"], "or") == "(a) x; (b) y; or (c) z"
    assert labelled(["x", "y"], "and", 1) == "(i) x; and (ii) y"
    assert labelled(["x", "y"], "and", 2) == "(1) x; and (2) y"
    assert [labelled(["x", "y"], "or", depth) for depth in (3, 4, 5)] == \
        ["(A) x; or (B) y", "(I) x; or (II) y", "(1) x; or (2) y"]
    assert [ordinal(n) for n in (1, 3, 10, 11, 12, 21, 22, 23, 111)] == \
        ["first", "third", "tenth", "11th", "12th", "21st", "22nd", "23rd", "111th"]


@pytest.mark.parametrize(
    ("act", "object", "to", "said"),
    [
        ("respond", None, "Client", "respond to Client about the Support request"),
        ("respond", "ticket", None, "respond to the Support request"),
        ("acknowledge", None, "Client", "acknowledge the Support request to Client"),
        ("acknowledge", "ticket", "Client", "acknowledge the Support request to Client"),
        ("update", "Client", None, "give an update to Client about the Support request"),
        ("resolve", None, None, "resolve the Support request"),
        ("escalate", "ticket", "Management", "escalate the Support request to Management"),
        ("call", "Acme", None, "call Acme in respect of the Support request"),
        ("diagnose", "ticket", None, "diagnose the Support request"),
        ("confirm_severity", None, "Client", "confirm the severity of the Support request to Client"),
        ("confirm_severity", "ticket", "Client", "confirm the severity of the Support request to Client"),
        ("confirm_severity", None, None, "confirm the severity of the Support request"),
        ("withhold_effort", None, None, "perform the act “withhold effort” in respect of the Support request"),
        ("look_over", "ticket", "Client", "perform the act “look over” on the Support request towards Client"),
        ("look_over", "Client", None, "perform the act “look over” on Client in respect of the Support request"),
    ],
)
def test_acts(act: str, object: str | None, to: str | None, said: str) -> None:
    assert done(act, object, to, "ticket", VOICE) == said


def test_two_events_that_must_both_happen_stand_apart_from_one_that_does_alone() -> None:
    opened, agreed, changed = (OnEvent(Pattern(name, None), None, None) for name in ("opened", "agreed", "closed"))
    assert when((OnBoth(opened, agreed), changed), VOICE) == (
        "when both a Support request is opened and an agreement on the Support request is reached, in either order, "
        "or when a Support request is closed"
    )


def test_a_right_of_a_role_is_said_to_be_nobody_elses() -> None:
    """Another person's act is not permitted (R21), whether or not the rule says `only`."""
    rule = Right("call", None, "ticket", "Acme", "Caller", "call", (Pattern("called", "Acme"),), (), (), None, None,
                 next(iter(TERMS.rights.values())).citation, None)
    assert sentence(rule, TERMS, CONTRACT).startswith("Of the people of Acme, only those in the role Caller may call")


def test_a_duty_by_another_option_says_so() -> None:
    """The contract with another option adopted is said by that one: as a trial on the command line judges it."""
    readings: Mapping[str, object] = {
        name: evolve(one, adopted="b") if name == "how_soon" else one for name, one in CONTRACT.readings.items()
    }
    rule: Duty = TERMS.duties["escalate"]
    told = sentence(rule, TERMS, evolve(CONTRACT, readings=readings))
    assert "to Management by the next close of Hours (as read in “how soon”)." in told
    assert "“b” (adopted) means: by the next close of Hours" in told


def test_conditions_in_one_another_are_each_worded_once() -> None:
    """Ninety deep, `or` within `and` within `or`: worded twice at each level, they would never end."""
    nested: Condition = BY_EMAIL
    for depth in range(90):
        nested = AnyOf((SATISFIED, nested)) if depth % 2 else AllOf((KEPT, nested))
    assert holds(nested, VOICE).count("“channel” is “email”") == 1
