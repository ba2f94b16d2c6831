"""`slarules repl`: a policy tried on a live case; a terminal where there is one, else a plain reader."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from slarules.cli import output
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE, POLICY_HAS_ERRORS


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE…]", type=click.Path())
@click.option(
    "--from", "script", metavar="FILE", type=click.Path(), help="Read commands from FILE (- for stdin), then end."
)
@click.option(
    "--echo/--no-echo", "echo", default=None, help="Show commands and prompts before their answers, off a terminal."
)
@click.option("--no-history", is_flag=True, help="Neither read nor keep the history of commands.")
def command(files: tuple[str, ...], script: str | None, echo: bool | None, no_history: bool) -> int:
    """Try the policy in FILE on a live case, beside a clock that only you move.

    FILEs are loaded in order: a policy, a scenario to go on with, a log of events. `help` lists the commands.
    """
    from slarules.cli.repl_text import look, shows
    from slarules.repl.loop import Run, begin
    from slarules.repl.places import state_folder
    from slarules.repl.session import Session

    on_terminal = script is None and sys.stdin.isatty() and sys.stdout.isatty()
    folder = state_folder()
    run = Run(Session(), shows(apart=True), look, folder / "unfinished" if folder is not None else None)
    if not begin(run, files):
        return COULD_NOT_RUN
    run.show = shows()
    if on_terminal:
        from slarules.repl.terminal import converse_on_terminal

        converse_on_terminal(run, None if no_history or folder is None else folder)
        return FINE
    return _plainly(run, script, echo is True)


def _plainly(run: object, script: str | None, echo: bool) -> int:
    from slarules.repl.loop import Run
    from slarules.repl.plain import converse

    assert isinstance(run, Run)
    show: Callable[[str], None] | None = None
    if echo:
        console = output.results()

        def show(text: str) -> None:
            for row in text.split("\n"):
                output.line(console, row)

    try:
        with _opened(script) as lines:
            converse(run, lines, show)
    except OSError as fault:
        why = (fault.strerror or str(fault)).lower()
        output.say(f"cannot read `{script}`: {why}", "bold red")
        return COULD_NOT_RUN
    if run.session.policy is not None and run.session.policy.contract is None:
        return POLICY_HAS_ERRORS
    return FINDINGS if run.failed else FINE


@contextmanager
def _opened(script: str | None) -> Iterator[Iterator[str]]:
    """The commands of a file, or of stdin; what is not UTF-8 becomes U+FFFD, and is told as no command."""
    if script in (None, "-"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield iter(sys.stdin)
        return
    with Path(str(script)).open(encoding="utf-8-sig", errors="replace") as file:
        yield iter(file)
