"""The table of commands. Each is imported when it is called for, so ``slarules --help`` starts at once."""

from __future__ import annotations

import errno
import gc
import io
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, BinaryIO, NoReturn, TextIO, cast

import click

from slarules.columnar.allocating import one_place
from slarules.version import __version__

COMMANDS: Mapping[str, str] = {
    "check": "Report every mistake in policies, with its line and what to do.",
    "coverage": "Account for each sentence of the contract: the ledger.",
    "run": "Judge a log of events under a policy.",
    "explain": "Say why a ticket was judged so, as a tree of reasons.",
    "summary": "Write a contract's clauses as a document for lawyers.",
    "readings": "Say what each ambiguity is worth on a log of events.",
    "compare": "Compare two contracts, by what they mean and on a log of events.",
    "advise": "Find the targets that history would have kept.",
    "report": "Write the page that both parties read each month.",
    "test": "Run the scenarios of policies; show failing ones as timelines.",
    "scenarios": "Propose scenarios for the duties of a policy, to be confirmed.",
    "lint": "Report what a policy may say, and had better not.",
    "fmt": "Write policies in the one style.",
    "repl": "Try a policy on a live case, beside a clock that only you move.",
    "lsp": "Serve editors: diagnostics, hover, completion, rename.",
    "explain-code": "Print the page of a diagnostic or of a lint rule.",
}
"""Command → what it does; ``slarules.cli.<command>`` holds it as ``command``, a hyphen there as ``_``."""

FINE, COULD_NOT_RUN, FINDINGS, POLICY_HAS_ERRORS = 0, 1, 2, 3
"""Exit codes."""

COLLECTED = (200_000, 20, 100)
"""When the collector of garbage looks for circles: a log and its verdicts have none, and are long; a fifth of the time
went into looking."""
TURN = 0.0005
"""Seconds that a thread keeps Python to itself while others wait: those that read a log need it often and briefly."""
UNHEARD = 13
"""The signal that ends a program to which nobody listens any more: SIGPIPE, which Python tells as an exception."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What the system says where what is printed cannot be kept."""
EPILOG = "Exit codes: 0 fine, 1 could not run, 2 findings at or above --fail-on, 3 the policy has errors."


class Commands(click.Group):
    """The commands of the table. Each returns its exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = cmd_name.replace("-", "_")
        found: click.Command = import_module(f"slarules.cli.{module}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from slarules.diagnostics import did_you_mean

            told = did_you_mean(args[0], COMMANDS) or f"they are {', '.join(COMMANDS)}"
            raise click.UsageError(f"there is no command `{args[0]}`; {told}", ctx)
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _heard():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _heard():
            return super().invoke(ctx)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Runs a command and exits with its code: what click calls 2, a misused command line, is 1 here."""
        kwargs["standalone_mode"] = False
        try:
            code = super().main(*args, **kwargs)
            if not sys.stdout.closed:  # as the language server leaves it
                with _heard():
                    sys.stdout.flush()  # here and not when Python ends, where nobody would hear of a full disk
        except click.ClickException as wrong:
            wrong.show()
            code = COULD_NOT_RUN
        except click.Abort:
            click.echo("stopped", err=True)
            code = 130
        except _Stopped as stopped:
            _fall_silent() if stopped.number == UNHEARD else click.echo("stopped", err=True)
            code = 128 + stopped.number
        except Exception as mistake:  # the last guard: a mistake of ours never shows its entrails
            if os.environ.get("SLARULES_TRACEBACK"):
                raise
            if isinstance(mistake, OSError) and mistake.errno in FULL and mistake.filename is None:
                _cannot_print(mistake)
            else:
                _apologise(mistake)
            code = COULD_NOT_RUN
        sys.exit(code if isinstance(code, int) else FINE)


class _Stopped(BaseException):
    """The system asks the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        """Of the signal."""


@contextmanager
def _heard() -> Iterator[None]:
    """Ends the program, as others end, where nobody reads what it prints: `slarules run … | head`."""
    try:
        yield
    except BrokenPipeError:
        raise _Stopped(UNHEARD) from None


def _fall_silent() -> None:
    """What is still to be printed goes nowhere, so that nothing is said of it when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        sys.stderr.flush()
    except BrokenPipeError:
        os.dup2(nowhere, 2)


def _stop(number: int, _frame: object) -> NoReturn:
    """Ends as Ctrl-C does, so that nothing half done stays behind; `timeout` sends its signal twice."""
    signal.signal(number, signal.SIG_IGN)
    raise _Stopped(number)


def _cannot_print(wrong: OSError) -> None:
    """Says that stdout takes no more; what is left of it goes nowhere, so that nothing more is said at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    click.echo(f"cannot print the result: {os.strerror(wrong.errno or 0).lower()}", err=True)


def _apologise(mistake: Exception) -> None:
    """Says that the fault is ours, with one line that tells a maintainer where."""
    trace = mistake.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
    said = " ".join(str(mistake).split())[:200]
    click.echo(
        "slarules: sorry, this is a mistake of the program, not of your files. Please report this line:",
        err=True,
    )
    click.echo(f"  slarules {__version__}, {type(mistake).__name__} at {place}: {said}", err=True)


@click.group(
    cls=Commands,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", message="slarules %(version)s")
def cli() -> None:
    """Write down the clauses of a software-support contract; judge ticket histories by them."""


class _WithoutPandas:
    """pyarrow imports pandas at its first array, wherever it is installed; no command uses it, and it takes long."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("no command uses pandas", name=fullname)


def _written_whole(stream: TextIO | None) -> TextIO:
    """The same stream, or one to nowhere; unbuffered, what the system takes only in part of it would be lost."""
    stream = stream or open(os.devnull, "w")  # noqa: SIM115
    raw = getattr(stream, "buffer", None)
    if not isinstance(raw, io.RawIOBase):
        return stream
    return io.TextIOWrapper(cast(BinaryIO, io.BufferedWriter(raw)), line_buffering=True)


def main() -> None:
    """The console script. Text goes out as UTF-8 whatever LANG says: the same bytes everywhere."""
    gc.set_threshold(*COLLECTED)
    sys.setswitchinterval(TURN)
    one_place()
    sys.meta_path.insert(0, _WithoutPandas())
    for number in (signal.SIGTERM,) if sys.platform == "win32" else (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)
    sys.stdout, sys.stderr = map(_written_whole, (sys.stdout, sys.stderr))
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli(prog_name="slarules")
    finally:
        gc.freeze()  # else Python goes through all there is for circles, to give back what the system takes anyway
