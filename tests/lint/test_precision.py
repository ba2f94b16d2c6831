"""What the rules must not tell: the sound neighbours of each bad example, one at a time."""

from __future__ import annotations

import pytest

from slarules.lint.names import BUILT_IN
from slarules.resolve import builtin
from tests.lint.pages import HEAD, lint

DESK = "calendar Desk\n  open Monday to Friday 08:00 to 17:00\n\n"
COUNTED = "duty answer\n  when ticket opened\n  Acme must respond to Client within 4 hours counted in Desk\n\n"
QUIET = {
    "hours are elapsed where nothing counts opening times": """
duty answer
  when ticket opened
  Acme must respond to Client within 4 hours
""",
    "a reading has decided the hours": DESK + COUNTED + """
reading hours "Which hours count?"
  option all: within 2 hours "hours are hours"
  option office: within 2 hours counted in Desk "nobody is there at night"
  adopt all because "the words name no hours"

duty call_back
  when ticket opened
  Acme must update Client as read in hours
""",
    "days are dates, not hours": DESK + COUNTED + """
duty report
  when ticket opened
  Acme must report to Client within 3 days
""",
    "at once needs no basis": DESK + COUNTED + """
duty log
  when ticket opened
  Acme must acknowledge to Client within 0 minutes
""",
    "the head of the column says the basis": DESK + """
severities 1, 2
  assigned by Client

table times by severity
  | severity | fix_time in Desk |
  | 1        | 2 hours          |
  | 2        | 4 hours          |

duty answer
  when ticket opened
  Acme must respond to Client within fix_time
  on severity change keep the deadline
""",
    "a column of cells that say their own": DESK + """
severities 1, 2
  assigned by Client

table times by severity
  | severity | fix_time                |
  | 1        | 2 hours counted in Always |
  | 2        | 4 hours counted in Desk |

duty answer
  when ticket opened
  Acme must respond to Client within fix_time
  on severity change keep the deadline
""",
    "a condition ends what recurs": """
fact down of ticket: yes or no

duty update
  when ticket opened
  while down
  Acme must update Client every 4 hours
""",
    "an agreement without a term ends with it": """
fact desk_named of agreement: yes or no

duty desk
  when agreement started
  Acme must keep desk_named
""",
    "a deadline that a choice brings with it": """
fact agreed_date of ticket: date

choice remedy of Client
  when ticket opened
  option schedule: Acme must update Client by the end of agreed_date
  option now: Acme must respond to Client within 1 hour
""",
    "a date that is the trigger's own": """
fact invoiced_on of agreement: date
date payment_due is 30 days after invoiced_on

duty pay
  when agreement invoiced
  Client must pay by the end of payment_due
""",
    "a date that every scenario records with the trigger": """
fact wanted_by of ticket: date

duty visit
  when ticket opened
  Acme must respond to Client by the end of wanted_by

scenario "visited"
  2026-03-02 09:00  T1 opened by Client, wanted_by 2026-03-05
  expect T1 visit due at 2026-03-06 00:00
""",
    "a wait that a date caps": """
duty report
  when ticket opened
  Acme must report to Client within 3 days
  paused while waiting on Client
""",
    "a wait that an event ends": """
duty fix
  when ticket opened
  Acme must update Client within 8 hours
  paused while waiting on Client
  until ticket closed
""",
    "an escalation as long as what remains": """
duty answer
  when ticket opened
  Acme must respond to Client within 4 hours

duty warn
  when 75 % of answer is used
  Acme must escalate ticket within 1 hour
""",
    "two kinds of time are not compared": DESK + """
duty answer
  when ticket opened
  Acme must respond to Client within 5 hours counted in Always

duty fix
  when ticket opened
  Acme must resolve ticket within 4 hours counted in Desk
  on reopening run on
""",
    "a response to others than those whose tickets are resolved": """
fact known of ticket: yes or no

duty answer
  when ticket opened
  Acme must respond to Client within 5 hours

duty fix
  when ticket opened
  if known
  Acme must resolve ticket within 4 hours
  on reopening run on
""",
    "a breach chain without a way back": """
duty answer
  when ticket opened
  Acme must respond to Client within 4 hours
  if breached, escalate applies

duty escalate
  Acme must escalate ticket within 1 hour
  until ticket resolved
  on reopening change nothing
""",
    "a ring that an event ends": """
duty answer
  when ticket opened or escalate breached
  Acme must respond to Client within 4 hours
  until ticket resolved
  if breached, escalate applies
  on reopening change nothing

duty escalate
  Acme must escalate ticket within 1 hour
  until ticket resolved
  on reopening change nothing
""",
    "whether one happened by the other party, or at another event": """
duty answer
  when ticket asked by Client or ticket reopened
  unless asked has happened by Acme
  unless reopened has happened
  Acme must respond to Client within 3 days
""",
    "an event that is used by its act alone": """
event called of ticket act call "somebody telephones"

duty call_back
  when ticket opened
  Acme must call Client within 4 hours
""",
    "a fact that is a role's mark": """
fact badge of ticket: text

role Caller of Client
  at most 1
  identified by badge

right ask
  Caller may ask
""",
    "a reading that changes nothing": """
reading names "Are the two names one party's?"
  option one "the address is the same"
  option two "they are written apart"
  adopt one because "nothing sets them against each other"
  changes nothing because "every duty names the same one"
""",
    "versions that follow day on day": """
clause "first"
  in force from 2024-01-01 to 2024-02-29

  duty report_a
    when ticket opened
    Acme must report to Client within 7 days

clause "second"
  in force from 2024-03-01

  duty report_b
    when ticket opened
    Acme must report to Client within 2 days
""",
    "dated clauses that promise different things": """
clause "reports"
  in force from 2024-01-01 to 2024-06-30

  duty report_a
    when ticket opened
    Acme must report to Client within 7 days

clause "updates"
  in force from 2025-01-01

  duty update_b
    when ticket opened
    Acme must update Client within 2 days
""",
    "a sum of money needs no rounding": """
fact fee of agreement: money in USD
fact extra of agreement: money in USD

amount total in USD is fee plus extra
amount double in USD is fee multiplied by 2
""",
    "a date that is computed has no cents": """
fact invoiced_on of agreement: date

date due is 30 days after invoiced_on
""",
    "an exclusion in a policy that nothing tries": """
fact modified of ticket: yes or no

scope unmodified
  outside if modified
""",
    "a fact of the built-in type": """
fact caller of ticket: text "who asks"

duty answer
  when ticket opened
  if caller is recorded
  Acme must respond to Client within 4 hours
""",
}


@pytest.mark.parametrize("policy", QUIET.values(), ids=QUIET)
def test_a_sound_policy_is_not_told(policy: str) -> None:
    done = lint(HEAD + policy)
    assert [d.message for d in done.loaded.diagnostics if d.level.value == "error"] == []
    assert [(one.rule.name, one.diagnostic.message) for one in done.findings] == []


TOLD = {
    "a column that says no basis beside one that does": ("duration-without-basis", DESK + COUNTED + """
severities 1, 2
  assigned by Client

table times by severity
  | severity | fix_time |
  | 1        | 2 hours  |
  | 2        | 4 hours  |

duty fix
  when ticket opened
  Acme must update Client within fix_time
  on severity change keep the deadline
"""),
    "an Etc zone": ("fixed-offset", DESK.replace("open", "zone Etc/GMT+7\n  open", 1) + COUNTED),
    "what is to be kept up for ever": ("no-closing-horizon", """
fact owner_named of ticket: yes or no

duty owner
  when ticket opened
  Acme must keep owner_named
"""),
    "an agreement's duty that outlasts its term": ("no-closing-horizon", """
fact desk_named of agreement: yes or no

status term of agreement
  state active
    begins when agreement started
    lasts 12 months rounding down
    becomes over at the end of term
  state over

duty desk
  when agreement started
  Acme must keep desk_named
"""),
    "a date that a scenario records apart from the trigger": ("moving-deadline", """
fact wanted_by of ticket: date

duty visit
  when ticket opened
  Acme must respond to Client by the end of wanted_by

scenario "visited"
  2026-03-02 09:00  T1 opened by Client, wanted_by 2026-03-05
  10:00             T1 recorded by Acme, wanted_by 2026-03-06
  expect T1 visit due at 2026-03-07 00:00
"""),
    "a date by way of another": ("moving-deadline", """
fact agreed_on of agreement: date
date due is 30 days after agreed_on

duty pay
  when agreement invoiced
  Client must pay by the end of due
"""),
    "a date whose judge owes the act": ("moving-deadline", """
fact agreed_date of ticket: date judged by Acme

duty visit
  when ticket opened
  Acme must respond to Client by the end of agreed_date
"""),
    "a list of dates": ("moving-deadline", """
fact agreed_times of ticket: list of dates

duty meet
  when ticket opened
  Acme must ask Client on each of agreed_times
"""),
    "a state that is no party": ("endless-pause", """
duty fix
  when ticket opened
  Acme must update Client within 8 hours
  paused while waiting on any of vendor, weather
"""),
    "a share of the time used": ("late-escalation", """
duty answer
  when ticket opened
  Acme must respond to Client within 4 hours

duty warn
  when 90 % of answer is used
  Acme must escalate ticket within 1 hour
"""),
    "a response in a table and a resolution beside it": ("response-after-resolution", """
severities 1, 2
  assigned by Client

table times by severity
  | severity | first_answer |
  | 1        | 1 hour       |
  | 2        | 4 hours      |

duty answer
  when ticket opened
  Acme must respond to Client within first_answer
  on severity change keep the deadline

duty fix
  when ticket opened
  Acme must resolve ticket within 4 hours
  on reopening run on
"""),
    "a column that no duty uses": ("never-used", """
severities 1, 2
  assigned by Client

table times by severity
  | severity | first_answer | fix_time |
  | 1        | 1 hour       | 2 hours  |
  | 2        | 4 hours      | 8 hours  |

duty answer
  when ticket opened
  Acme must respond to Client within first_answer
  on severity change keep the deadline
"""),
    "a reading that nothing asks": ("never-used", """
reading names "Are the two names one party's?"
  option one "the address is the same"
  option two "they are written apart"
  adopt one because "nothing sets them against each other"
"""),
    "a share of a price": ("amount-without-rounding", """
fact list_price of agreement: money in USD

amount discount in USD is 7.5 % of list_price
"""),
    "an event that no scenario has": ("exclusion-without-evidence", """
event misused of ticket "the software was misused"

duty answer
  when ticket opened
  unless misused has happened
  Acme must respond to Client within 4 hours

scenario "answered"
  2026-03-02 09:00  T1 opened by Client
  10:00             T1 responded by Acme
  expect T1 answer met
"""),
}


@pytest.mark.parametrize("name, policy", TOLD.values(), ids=TOLD)
def test_a_variant_of_the_same_mistake_is_told(name: str, policy: str) -> None:
    done = lint(HEAD + policy)
    assert [d.message for d in done.loaded.diagnostics if d.level.value == "error"] == []
    assert {one.rule.name for one in done.findings} == {name}


def test_the_built_in_facts_are_those_that_every_contract_has() -> None:
    assert {fact.name: fact.type.kind for fact in builtin.FACTS} == BUILT_IN


@pytest.mark.parametrize("since, until, told", [
    ("2025-01-01", "2026-12-31", None), ("2025-01-01", "2027-01-01", "no date in 2027"),
    ("2023-06-01", "2025-12-31", "no date in 2023, 2024"), ("2025-01-01", None, "states no last date"),
    (None, None, None),
])
def test_a_list_of_holidays_is_held_against_the_years_in_force(
    since: str | None, until: str | None, told: str | None,
) -> None:
    line = f"  in force from {since}{f' to {until}' if until else ''}\n" if since else ""
    policy = HEAD.replace("  zone America/Denver\n", f"  zone America/Denver\n{line}") + """
holidays Feasts
  2025-12-24
  2026-12-24

calendar Desk
  open Monday to Friday 08:00 to 17:00
  closed on Feasts

""" + COUNTED
    found = [one.diagnostic.message for one in lint(policy).findings]
    assert [told in message for message in found if told] == ([True] if told else [])
    assert len(found) == (1 if told else 0)


@pytest.mark.parametrize("zone, in_force, told", [
    ("America/Havana", "", True), ("America/Denver", "", False), ("UTC", "", False),
    ("America/Sao_Paulo", "", False),
    ("America/Sao_Paulo", "  in force from 2017-01-01 to 2018-12-31\n", True),
    ("Africa/Cairo", "  in force from 2024-01-01 to 2024-12-31\n", True),
])
def test_midnights_are_looked_at_in_the_years_in_force(zone: str, in_force: str, told: bool) -> None:
    head = HEAD.replace("  zone America/Denver\n", f"  zone {zone}\n{in_force}")
    policy = head + "duty report\n  when ticket opened\n  Acme must report to Client within 3 days\n"
    assert [one.rule.name for one in lint(policy).findings] == (["deadline-in-clock-change"] if told else [])
