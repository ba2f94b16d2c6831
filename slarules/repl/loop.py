"""One entry after another: read, done, answered. Whatever goes wrong, the session stands."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from attrs import define, evolve

from slarules.repl import saving
from slarules.repl.answers import DOUBT, FAINT, Answer, Look, line
from slarules.repl.judging import clock_words, zone_in
from slarules.repl.moving import Done
from slarules.repl.opening import load_file, reloaded
from slarules.repl.policy import has_changed, looked_at
from slarules.repl.reading import Command, read_line
from slarules.repl.session import FIRST, Session, is_unsaved, named
from slarules.version import __version__

Show = Callable[[Answer], None]
"""Prints an answer."""
KEPT = 50
"""Files of unfinished sessions that are kept."""


@define
class Run:
    """A session while it is used. Everything that it holds besides the session is about the outside."""

    session: Session
    show: Show
    look: Callable[[], Look]
    """How the next answer will be seen."""
    folder: Path | None
    """Where an unfinished session is saved; None: nowhere."""
    unfinished: Path | None = None
    """The file of this session, once it was saved unfinished."""
    failed: bool = False
    """Whether a line had a mistake in it, or something was expected and not seen."""


def prompt(session: Session) -> str:
    """``Mon 2026-03-02 08:00> ``; before it the case's name, where it is not the first."""
    where = "" if session.state.current == FIRST else f"[{session.state.current}] "
    now = session.case.now
    return f"{where}{clock_words(now, zone_in(session))}> " if now is not None else f"{where}> "


def answered(session: Session, text: str, look: Look) -> Done:
    """What an entry does and says. A mistake of the program is told, and leaves the session as it was."""
    try:
        found = read_line(text, session)
        if not isinstance(found, Command):
            return Done(session, found, failed=True)
        if found.form is None:
            return Done(session)
        done: Done = found.form.runs(session, found.argument, look)
    except KeyboardInterrupt:
        return Done(session, (line(("  stopped; the session is as it was", DOUBT)),), failed=True)
    except Exception as mistake:  # the last guard: the session is worth more than the command
        return Done(session, _sorry(mistake), failed=True)
    return evolve(done, session=named(done.session, found.text))


def _sorry(mistake: Exception) -> Answer:
    """The fault is the program's: a line that tells a maintainer where. Raises it where that was asked for."""
    if os.environ.get("SLARULES_TRACEBACK"):
        raise mistake
    trace = mistake.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
    said = " ".join(str(mistake).split())[:200]
    return (
        line(("  sorry, this is a mistake of the program; the session is as it was. Please report this line:", DOUBT)),
        line(f"  slarules {__version__}, {type(mistake).__name__} at {place}: {said}"),
    )


def take(run: Run, text: str) -> bool:
    """Does one entry and shows its answer. Whether the session goes on."""
    done = answered(run.session, text, run.look())
    loaded = re.match(r"(?:load|replay)\s+(.+?)\s*\Z", text.strip())
    if loaded is not None and done.session is not run.session:
        _take_up(run, loaded[1])
    before, run.session = run.session, done.session
    run.failed |= done.failed
    run.show(done.answer)
    if done.ends:
        _forget(run)
        return False
    if done.session.state != before.state or done.session.kept != before.kept:
        _keep(run)
    return True


def watch(run: Run) -> None:
    """Reads the policy again if its file has changed."""
    policy = run.session.policy
    if policy is None or not has_changed(policy):
        return
    try:
        done = reloaded(run.session)
    except Exception as mistake:
        done = Done(evolve(run.session, policy=looked_at(policy)), _sorry(mistake), failed=True)
    run.session = done.session
    run.show(done.answer)


def begin(run: Run, files: tuple[str, ...]) -> bool:
    """Loads the files that the session was started with. Whether each could be read."""
    for file in files:
        done = load_file(run.session, file, run.look())
        run.show(done.answer)
        if done.failed and done.session is run.session:
            return False
        run.failed |= done.failed
        run.session = evolve(done.session, past=(), future=())
        _take_up(run, file)
    return True


# ---- A session that is not ended by `quit` ------------------------------------------------------------------


def _keep(run: Run) -> None:
    """The session's lines put aside as they stand, so that nothing is lost however it ends; no failure stops it."""
    session = run.session
    if not is_unsaved(session):
        _forget(run)
        return
    policy = session.policy
    if run.folder is None or policy is None or policy.contract is None:
        return
    try:
        run.unfinished = run.unfinished or _free(run.folder, policy.contract.name)
        saving.put_aside(session, run.unfinished)
    except Exception as fault:  # whatever it is, the session goes on
        run.folder = None
        why = (fault.strerror or str(fault)).lower() if isinstance(fault, OSError) else type(fault).__name__
        run.show((line((f"  this session cannot be put aside as it goes on: {why}; `save FILE` keeps it", DOUBT)),))


def _take_up(run: Run, path: str) -> None:
    """A session put aside earlier is this one's from now on."""
    if run.folder is not None and Path(path).absolute().parent == run.folder.absolute():
        run.unfinished = Path(path)


def _free(folder: Path, name: str) -> Path:
    """A file name of its own, or else the oldest one."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, KEPT + 1):
        path = folder / f"{name}-{number}.sla"
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            continue
        return path
    return min(folder.glob(f"{name}-*.sla"), key=lambda path: path.stat().st_mtime_ns)


def _forget(run: Run) -> None:
    """The file of a session that is saved, or left by ``quit``."""
    if run.unfinished is not None:
        try:
            run.unfinished.unlink(missing_ok=True)
        except OSError:
            return
        run.unfinished = None


def unclean(run: Run) -> None:
    """The session ended without ``quit``: says where its lines are."""
    if run.unfinished is not None and is_unsaved(run.session):
        told = f"  the session is put aside: `slarules repl {run.unfinished}` goes on with it"
        run.show((line((told, FAINT)),))


