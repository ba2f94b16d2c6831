"""The table of commands: each word with what it takes, what it does, its help and its examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen

from slarules.diagnostics import did_you_mean
from slarules.repl import (
    arguments,
    choosing,
    expressions,
    forks,
    instants,
    moving,
    opening,
    saving,
    showing,
    status,
    supposing,
    timeline,
    why,
)
from slarules.repl.answers import FAINT, PLAIN, STRONG, Look, Part, grid, line, wrong
from slarules.repl.arguments import Given, Mistaken
from slarules.repl.moving import Done
from slarules.repl.session import Session

NOTHING, POLICY, CLOCK = "nothing", "policy", "clock"
"""What must be there before a command can be given: the last is a policy and a clock that is set."""


@frozen
class Form:
    """One command."""

    name: str
    """Its word, or two."""
    form: str
    """How it is written."""
    does: str
    """In half a line."""
    examples: tuple[str, ...]
    reads: Callable[[Given, Session], Any]
    """Takes what stands after its word; gives the argument or ``Mistaken``."""
    runs: Callable[[Session, Any, Look], Done]
    needs: str
    also: tuple[str, ...] = ()
    """Other words for it."""
    more: str = ""
    """What else its help says."""


def help_on(session: Session, name: str, look: Look) -> Done:
    """``help``, ``help COMMAND``."""
    if not name:
        return Done(session, _overview())
    found = named(name)
    if found is None:
        told = did_you_mean(name, (form.name for form in COMMANDS)) or "`help` lists them"
        return Done(session, (wrong("E0901", f"there is no command `{name[:60]}`", told),), failed=True)
    parts: list[Part] = [line((found.form, STRONG), (f"  {found.does}", PLAIN))]
    if found.more:
        parts.append(line((f"  {found.more}", FAINT)))
    parts += [line(("  for example  ", FAINT), example) for example in found.examples]
    if found.also:
        parts.append(line((f"  or  {', '.join(found.also)}", FAINT)))
    return Done(session, tuple(parts))


def _overview() -> tuple[Part, ...]:
    rows = [((form.form, STRONG), (form.does, PLAIN)) for form in COMMANDS]
    end = "`help COMMAND` has examples. A line goes on after a comma, `and`, `or`, or within parentheses."
    return (grid(("command", "what it does"), rows), line((end, FAINT)))


def named(word: str) -> Form | None:
    """The command of that word."""
    return next((form for form in COMMANDS if word == form.name or word in form.also), None)


def leave(session: Session, _: None, look: Look) -> Done:
    """``quit``."""
    return Done(session, (), ends=True)


def _nothing_given(given: Given, session: Session) -> Mistaken | None:
    return arguments.nothing(given, session)


SAY = Form(
    "", "[DATE TIME]  T1 opened …", "something happens, or is expected, as a scenario says it",
    ("2026-03-02 08:00  T1 opened by Customer, severity 1", "T1 acknowledged by Trak",
     "2 hours after T1 opened  T1 resolved by Trak", "expect T1 respond met", "as of 12:00  expect T1 respond breached",
     "supplied Holidays 2026-12-25 known until 2027-01-01"),
    arguments.told, moving.said, POLICY,
    more="a line with a time moves the clock on to it; one without happens at the clock's instant",
)  # fmt: skip
"""A line in a scenario's words: it begins with no command."""

COMMANDS: tuple[Form, ...] = (
    SAY,
    Form("at", "at 2026-03-02 10:00", "sets the clock, also back",
         ("at 2026-03-02 10:00", "at 10:00", "at 2 hours after T1 opened"),
         instants.instant, moving.set_clock, POLICY),
    Form("advance", "advance 3 hours", "moves the clock on",
         ("advance 3 hours", "advance 2 hours counted in BusinessHours", "advance 3 days"),
         instants.length, moving.set_clock, CLOCK),
    Form("next", "next", "moves the clock on to the next instant at which something changes",
         ("next",), _nothing_given, moving.to_next_change, CLOCK),
    Form("status", "status [T1]", "what is owed, by when, what is left on its clock, what it waits for",
         ("status", "status T1"), arguments.some_target, status.status, CLOCK, ("owed",)),
    Form("timeline", "timeline [T1]", "a picture of the case: opening hours, clocks, deadlines, events",
         ("timeline", "timeline T1", "timeline T1.respond"), arguments.some_target, timeline.timeline, CLOCK),
    Form("why", "why T1.RULE", "the reasons for a verdict",
         ("why T1.respond", "why T1.daily_report#2", "why T1"), arguments.reckoned, why.why, CLOCK),
    Form("why not", "why not T1.RULE", "why something is not owed",
         ("why not T1.daily_report",), arguments.target, why.not_owed, CLOCK),
    Form("what if", "what if LINE", "what would differ; nothing is kept",
         ("what if severity 2 at 10:00", "what if T1 acknowledged by Trak at 08:30 instead",
          "what if without T1 acknowledged", "what if reading mst = utc_minus_seven"),
         supposing.supposed, supposing.what_if, CLOCK,
         more="the line is added; `instead` puts it in the place of the latest such line, `without` leaves one out"),
    Form("eval", "eval T1: CONDITION", "a condition, a value or a limit of the language, worked out now",
         ("eval T1: severity is 1 and channel is email", "eval T1: severity",
          "eval T1: within 2 hours counted in BusinessHours"),
         expressions.question, expressions.evaluate, CLOCK),
    Form("show", "show [NAME]", "a clause, a rule or a reading with its words",
         ("show", "show respond", "show \"3.2\""), showing.shown, showing.show, POLICY),
    Form("readings", "readings", "how the contract is read, and how else it could be",
         ("readings",), _nothing_given, choosing.readings, POLICY),
    Form("set", "set reading NAME = OPTION", "tries another reading; or `set zone = ZONE` for times",
         ("set reading automatic_reply = anyone", "set zone = UTC"), choosing.chosen, choosing.choose, POLICY),
    Form("undo", "undo", "takes back the last command that changed something",
         ("undo",), _nothing_given, forks.undo, NOTHING),
    Form("redo", "redo", "does again what was undone", ("redo",), _nothing_given, forks.redo, NOTHING),
    Form("fork", "fork NAME", "goes on in a copy of the case",
         ("fork escalated_at_once",), arguments.new_case_name, forks.fork, POLICY),
    Form("switch", "switch NAME", "goes to another case", ("switch main",), arguments.case_name, forks.switch, POLICY),
    Form("forks", "forks", "all cases", ("forks",), _nothing_given, forks.forks, POLICY, ("cases",)),
    Form("diff", "diff A B", "what tells two cases apart",
         ("diff main escalated_at_once", "diff main"), arguments.two_cases, forks.diff, POLICY),
    Form("clear", "clear", "an empty case in place of this one", ("clear",), _nothing_given, forks.clear, NOTHING),
    Form("save", "save FILE", "writes the cases as scenarios, with what was seen, for `slarules test`",
         ("save first-day.sla",), arguments.path, saving.save, POLICY),
    Form("load", "load FILE", "brings in a policy, a scenario, or a log of events",
         ("load policy.sla", "load first-day.sla", 'load scenarios.sla "both times kept"', "load events.jsonl",
          "load tickets.csv with mapping.toml"),
         arguments.path, opening.load_file, NOTHING),
    Form("replay", "replay FILE", "says a scenario line by line and shows what each line changes",
         ("replay first-day.sla", 'replay scenarios.sla "both times kept"'), arguments.path, opening.replay, NOTHING),
    Form("reload", "reload", "reads the policy's file again; it is also looked at before each command",
         ("reload",), _nothing_given, opening.reload, NOTHING),
    Form("help", "help [COMMAND]", "this list, or one command with examples",
         ("help", "help what if"), arguments.words, help_on, NOTHING, ("?",)),
    Form("quit", "quit", "leaves", ("quit",), _nothing_given, leave, NOTHING, ("exit",)),
)  # fmt: skip
"""In the order in which `help` lists them."""
