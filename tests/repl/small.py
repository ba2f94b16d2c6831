"""A small policy, a session with a case in it, and a way to talk to it without a terminal."""

from __future__ import annotations

from pathlib import Path

from slarules.diagnostics import Diagnostic
from slarules.repl.answers import Answer, Grid, Line, Look
from slarules.repl.loop import answered
from slarules.repl.moving import Done
from slarules.repl.opening import load_file
from slarules.repl.session import Session
from tests.cli.conftest import POLICY, SOURCE

LOOK = Look(80)
OPENED = "2026-03-02 08:00  T1 opened by Customer, channel email, severity 1"
KNOWN = "supplied TrakHolidays none known until 2027-01-01"


def put(folder: Path, policy: str = POLICY, source: str = SOURCE) -> Path:
    """The policy's path, its contract's words beside it."""
    (folder / "source.txt").write_text(source, "utf-8")
    path = folder / "policy.sla"
    path.write_text(policy, "utf-8")
    return path


def started(folder: Path) -> Session:
    """A session under the small policy, in which nothing has happened."""
    return load_file(Session(), str(put(folder)), LOOK).session


def say(session: Session, *lines: str) -> Done:
    """What the last of the lines leaves and says; each must be understood."""
    done = Done(session)
    for text in lines:
        done = answered(done.session, text, LOOK)
        wrong = [part for part in done.answer if isinstance(part, Diagnostic) and part.level.value == "error"]
        assert not wrong, f"{text}: {wrong[0].message}"
    return done


def problems(session: Session, text: str) -> list[tuple[str, str, str | None]]:
    """The codes of what is wrong with a line, the words that are, and what to do."""
    done = answered(session, text, LOOK)
    assert done.session == session, "a mistake leaves the session as it was"
    return [(part.code, part.span.text, part.help) for part in done.answer if isinstance(part, Diagnostic)]


def plain(answer: Answer) -> str:
    """An answer's words, a line each; cells of a table apart by bars."""
    rows: list[str] = []
    for part in answer:
        match part:
            case Line(parts):
                rows.append("".join(words for words, _ in parts).rstrip())
            case Grid():
                rows += [" | ".join(words for words, _ in row).rstrip() for row in part.rows]
            case Diagnostic():
                rows.append(f"{part.code}: {part.message}")
    return "\n".join(rows)


def told(example: str) -> str:
    """An example of the help, with names that the small policy has."""
    if example.startswith("fork "):
        return "fork another"
    names = {
        "respond": "confirm", "daily_report": "resolution", "Holidays": "TrakHolidays", '"3.2"': '"Support"',
        "automatic_reply = anyone": "ack = business", "mst = utc_minus_seven": "ack = business",
        "escalated_at_once": "escalated",
    }  # fmt: skip
    for old, new in names.items():
        example = example.replace(old, new)
    return example
