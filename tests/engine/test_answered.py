"""R9, what was unknown and is answered later: by what is recorded first, as of the trigger, and what was done since."""

from __future__ import annotations

from tests.engine.small import at, judged, one

FACTS = """
fact vip of request: yes or no presumed no until recorded
fact urgent of request: yes or no
fact size of request: one of big or small
fact shape of request: one of round or flat
severities 1, 2
  assigned by Client
table times by severity
  | severity | quickly |
  | 1        | 4 hours |
  | 2        | 8 hours |
table kinds by size, shape
  | size  | shape | fitting |
  | big   | round | 4 hours |
  | big   | flat  | 5 hours |
  | small | round | 8 hours |
  | small | flat  | 9 hours |
"""


def test_what_was_presumed_at_the_trigger_was_known() -> None:
    """R8: that it was recorded otherwise since tells nothing of then."""
    rules = FACTS + """
duty answer
  when request opened
  if urgent or vip
  Desk must respond within 4 hours
"""
    lines = """
2026-03-02 09:00  T1 opened by Client, severity 1
10:00             T1 recorded, vip
11:00             T1 recorded, not urgent
"""
    assert one(judged(rules, lines, "2026-03-02 10:30"), "answer#1").missing == ("urgent",)
    assert judged(rules, lines, "2026-03-02 11:00").verdicts == ()


def test_what_a_limit_wants_may_be_recorded_before_what_its_guard_wants() -> None:
    rules = FACTS + """
duty answer
  when request opened
  if urgent
  Desk must respond within fitting
"""
    lines = """
2026-03-02 09:00  T1 opened by Client, severity 1
10:00             T1 recorded, size big, shape flat
10:30             T1 recorded, shape round
11:00             T1 recorded, urgent
"""
    seen = one(judged(rules, lines, "2026-03-02 11:00"), "answer#1")
    assert (seen.state, seen.deadline) == ("pending", at("2026-03-02 13:00"))  # other terms since (R6)


def test_a_severity_may_be_assigned_before_the_guard_is_answered() -> None:
    rules = FACTS + """
duty answer
  when request opened
  if urgent
  Desk must respond within quickly
  on severity change count again from the start
"""
    lines = """
2026-03-02 09:00  T1 opened by Client
10:00             T1 severity_changed by Client, severity 2
{}
12:00             T1 recorded, urgent
"""
    seen = one(judged(rules, lines.format(""), "2026-03-02 12:00"), "answer#1")
    assert (seen.state, seen.severity, seen.deadline) == ("pending", "2", at("2026-03-02 17:00"))
    changed = lines.format("11:00             T1 severity_changed by Client, severity 1")
    seen = one(judged(rules, changed, "2026-03-02 12:00"), "answer#1")
    assert (seen.state, seen.severity, seen.deadline) == ("pending", "1", at("2026-03-02 13:00"))


def test_a_table_wants_all_that_its_rows_ask_for() -> None:
    """In whichever order it is recorded."""
    rules = FACTS + """
duty answer
  when request opened
  Desk must respond within fitting
"""
    for first, second in (("size big", "shape flat"), ("shape flat", "size big")):
        lines = f"""
2026-03-02 09:00  T1 opened by Client, severity 1
10:00             T1 recorded, {first}
11:00             T1 recorded, {second}
"""
        assert one(judged(rules, lines, "2026-03-02 09:30"), "answer#1").missing == ("shape", "size")
        assert one(judged(rules, lines, "2026-03-02 10:30"), "answer#1").missing == (second.split()[0],)
        assert one(judged(rules, lines, "2026-03-02 11:00"), "answer#1").deadline == at("2026-03-02 14:00")


def test_acts_since_the_trigger_serve_the_periods_in_which_they_fell() -> None:
    """R4: each rolls from the act before it; none is missed before it was known that any is owed (R6)."""
    rules = FACTS + """
duty update_them
  when request opened
  if urgent
  Desk must update every 2 hours
"""
    lines = """
2026-03-02 09:00  T1 opened by Client, severity 1
10:00             T1 updated by Desk
11:30             T1 updated by Desk
12:00             T1 recorded, urgent
"""
    seen = judged(rules, lines, "2026-03-02 12:00")
    assert [(v.number, v.state, v.triggered_at) for v in seen.verdicts] == [
        (1, "met", at("2026-03-02 09:00")),
        (2, "met", at("2026-03-02 10:00")),
        (3, "pending", at("2026-03-02 11:30")),
    ]
    assert one(seen, "update_them#3").deadline == seen.next_change_at == at("2026-03-02 13:30")


def test_a_late_period_is_due_when_it_becomes_known() -> None:
    rules = FACTS + """
duty update_them
  when request opened
  if urgent
  Desk must update every 2 hours
"""
    lines = """
2026-03-02 09:00  T1 opened by Client, severity 1
14:00             T1 updated by Desk
17:00             T1 recorded, urgent
"""
    seen = judged(rules, lines, "2026-03-02 17:00")
    assert [(v.state, v.deadline) for v in seen.verdicts] == [
        ("met", at("2026-03-02 17:00")),
        ("breached", at("2026-03-02 17:00")),
        ("pending", at("2026-03-02 19:00")),
    ]


REOPENED = FACTS + """
duty tell_them
  when request opened
  if urgent
  Desk must update within 10 hours until request resolved
  on reopening {0}

duty mend
  when request opened
  if urgent
  Desk must resolve within 10 hours
  on reopening {0}
"""
UNDONE = """
2026-03-02 09:00  T1 opened by Client, severity 1
10:00             T1 resolved by Desk
11:30             T1 reopened by Client
12:00             T1 recorded, urgent
"""


def test_a_reopening_undoes_what_a_resolution_would_have_done() -> None:
    """R7: of a duty that was not known to be owed yet."""
    seen = judged(REOPENED.format("run on"), UNDONE, "2026-03-02 12:00")
    for label in ("tell_them#1", "mend#1"):
        verdict = one(seen, label)
        assert (verdict.state, verdict.deadline) == ("pending", at("2026-03-02 20:30"))
    seen = judged(REOPENED.format("change nothing"), UNDONE, "2026-03-02 12:00")
    assert [v.state for v in seen.verdicts] == ["ended", "met"]
    seen = judged(REOPENED.format("begin again"), UNDONE, "2026-03-02 12:00")
    assert [(v.label, v.state, v.deadline) for v in seen.verdicts if v.number == 2] == [
        ("tell_them#2", "pending", at("2026-03-02 21:30")),
        ("mend#2", "pending", at("2026-03-02 21:30")),
    ]
    assert [v.state for v in seen.verdicts if v.number == 1] == ["ended", "met"]


def test_a_choice_that_was_not_known_to_be_open_ends_with_its_ticket() -> None:
    """R22."""
    rules = FACTS + """
choice remedy of Client
  when request opened
  if urgent
  option soon: Desk must update within 10 hours
  option late: Desk must report within 10 hours
"""
    lines = """
2026-03-02 09:00  T1 opened by Client, severity 1
10:00             T1 {}
12:00             T1 recorded, urgent
"""
    for what in ("resolved by Desk", "cancelled by Client"):
        assert one(judged(rules, lines.format(what), "2026-03-02 12:00"), "remedy#1").state == "ended"
    assert one(judged(rules, lines.format("updated by Desk"), "2026-03-02 12:00"), "remedy#1").state == "open"


def test_what_never_arose_leaves_no_hole_among_the_numbers() -> None:
    """R9: two of three were never owed; R11: no two instances of a duty have one number."""
    rules = FACTS + """
duty answer
  when request asked by Client
  if urgent
  Desk must respond within 10 hours
"""
    lines = """
2026-03-02 09:00  T1 opened by Client, severity 1, urgent
09:30             T1 asked by Client
10:00             T1 asked by Client
"""
    assert [v.number for v in judged(rules, lines, "2026-03-02 11:00").verdicts] == [1, 2]
    choices = FACTS + """
choice remedy of Client
  when request asked by Client
  if size is big
  option soon: Desk must update within 10 hours
  option late: Desk must report within 10 hours
"""
    lines = """
2026-03-02 09:00  T1 opened by Client, severity 1
09:30             T1 asked by Client
10:00             T1 asked by Client
11:00             T1 recorded, size small
12:00             T1 asked by Client, size big
"""
    assert [(v.number, v.state) for v in judged(choices, lines, "2026-03-02 10:30").verdicts] == [
        (1, "undetermined"), (2, "undetermined"),
    ]  # fmt: skip
    assert [(v.number, v.state) for v in judged(choices, lines, "2026-03-02 12:00").verdicts] == [(1, "open")]


def test_what_a_table_is_known_only_later_not_to_promise_never_arose() -> None:
    rules = FACTS + """
table promises by urgent
  | urgent | promised |
  | yes    | 2 hours  |
  | no     | none     |

duty answer
  when request opened
  Desk must respond within promised
"""
    lines = """
2026-03-02 09:00  T1 opened by Client, severity 1
10:00             T1 recorded, not urgent
"""
    assert one(judged(rules, lines, "2026-03-02 09:30"), "answer#1").missing == ("urgent",)
    assert judged(rules, lines, "2026-03-02 10:00").verdicts == ()


def test_the_sooner_limit_that_left_a_duty_open_stays_the_one() -> None:
    """R33: its time was over before the resolution stopped its clock; the other is a date that nothing stops."""
    rules = FACTS + """
fact polite of any event: yes or no
calendar Night
  open every day 22:00 to 06:00 next day
duty answer
  when request opened
  Desk must respond by the sooner of within 8 hours and by the next close of Night
  performed when request resolved by Desk or acknowledged by Desk and polite
  on reopening begin again
"""
    lines = """
2026-03-02 09:00  T1 opened by Client, severity 1
17:00             T1 acknowledged by Desk
18:00             T1 resolved by Desk
"""
    for instant in ("2026-03-02 17:00", "2026-03-02 18:00", "2026-03-04 18:00"):
        seen = one(judged(rules, lines, instant), "answer#1")
        assert (seen.state, seen.missing, seen.calendar) == ("undetermined", ("polite",), None)
