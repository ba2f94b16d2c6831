"""``slarules fmt``: write policies in the one style; what cannot be proven to say the same is left alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff
from io import StringIO
from pathlib import Path

import click
from attrs import evolve, frozen
from rich.console import Console
from rich.text import Text

from slarules.cli import output
from slarules.cli.excerpt import clean, visible
from slarules.cli.files import STDIN, policies, replace
from slarules.cli.main import COULD_NOT_RUN, FINDINGS, FINE, POLICY_HAS_ERRORS
from slarules.diagnostics import Diagnostic, error
from slarules.loader import BOM, UNREADABLE, Loaded, decode, read_bytes
from slarules.source import Source, Span
from slarules.syntax.format import NARROWEST, UNPROVEN, WIDTH, format_policy
from slarules.version import __version__


@frozen
class Styled:
    """One file and what the style makes of it."""

    path: str
    before: str | None
    """Its text, line ends as ``\\n``; None where it cannot be read."""
    after: str | None
    """Its text in the one style; None where it was refused."""
    told: tuple[str, ...]
    """What changes besides blanks: a byte-order mark, line ends."""
    diagnostics: tuple[Diagnostic, ...]
    """Why it was refused."""

    @property
    def state(self) -> str:
        """``changed``, ``unchanged`` or ``refused``."""
        if self.after is None:
            return "refused"
        return "changed" if self.told or self.after != self.before else "unchanged"


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; list what would change and exit with 2.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change as a unified diff.")
@click.option(
    "--width", type=click.IntRange(NARROWEST), default=WIDTH, show_default=True, help="Cells of a line."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/fmt.schema.json)."
)
def command(paths: tuple[str, ...], check: bool, diff: bool, width: int, as_json: bool) -> int:
    """Write policies in the one style. PATHs are files, folders, searched for *.sla, or - for stdin to stdout."""
    if STDIN in paths and (as_json or len(paths) > 1):
        raise click.UsageError("`-` reads a policy and prints it: it goes with no other path and not with --json")
    files = policies(paths)
    if not files:
        output.say("there is no file *.sla in " + ", ".join(f"`{path}`" for path in paths), "bold red")
        return COULD_NOT_RUN
    keep = check or diff
    done = [_written(one) if not keep and one.path != STDIN else one for one in (styled(p, width) for p in files)]
    if as_json:
        output.as_json(as_data(done, not keep, diff))
    elif files == [STDIN] and not keep:
        _pass_on(done[0])
    else:
        _print(done, keep, diff)
    return _code(done, check)


def _code(done: list[Styled], check: bool) -> int:
    codes = {d.code for one in done if one.after is None for d in one.diagnostics}
    if codes & {UNREADABLE, UNPROVEN}:
        return COULD_NOT_RUN
    if codes:
        return POLICY_HAS_ERRORS
    return FINDINGS if check and any(one.state == "changed" for one in done) else FINE


# ---- One file ----------------------------------------------------------------------------------------------


def styled(path: str, width: int) -> Styled:
    """A file in the one style; nothing is written."""
    if path == STDIN:
        data: bytes | None = sys.stdin.buffer.read()
        problems: tuple[Diagnostic, ...] = ()
    else:
        loaded, problems = read_bytes(Loaded(path))
        data = loaded.data
    if data is None:
        return Styled(path, None, None, (), problems)
    source, problems = decode("<stdin>" if path == STDIN else path, data)
    if source is None:
        return Styled(path, None, None, (), problems)
    formatted = format_policy(source, width)
    told = ["a byte-order mark at its beginning is removed"] if data.startswith(BOM) else []
    told += ["its line ends are now those of Unix"] if b"\r" in data else []
    refused = () if formatted.text is not None else formatted.diagnostics
    return Styled(path, source.text, formatted.text, tuple(told), refused)


def _written(one: Styled) -> Styled:
    """The file replaced as a whole, with the rights that it had; refused where that cannot be done."""
    if one.state != "changed" or one.after is None:
        return one
    try:
        replace(Path(one.path), one.after.encode("utf-8"))
    except OSError as problem:
        message = f"cannot write `{one.path}`: {(problem.strerror or str(problem)).lower()}"
        where = Span(Source(one.path, ""), 0, 0)
        told = "the file is as it was; see whether you may write to it and to its folder"
        return evolve(one, after=None, diagnostics=(error(UNREADABLE, where, message, told),))
    return one


# ---- For people and programs -------------------------------------------------------------------------------


def as_data(done: list[Styled], written: bool, diff: bool) -> dict[str, object]:
    """The result for another program, as ``fmt.schema.json`` says."""
    return {
        "command": "fmt",
        "version": __version__,
        "written": written,
        "files": [
            {
                "path": one.path,
                "state": one.state,
                "told": list(one.told),
                "diff": "".join(difference(one)) if diff else None,
                "diagnostics": [output.diagnostic_json(d) for d in one.diagnostics],
            }
            for one in done
        ],
        **{state: sum(one.state == state for one in done) for state in ("changed", "unchanged", "refused")},
    }


def difference(one: Styled) -> Iterator[str]:
    """What changes, as lines of a unified diff."""
    if one.before is None or one.after is None:
        return
    lines = unified_diff(StringIO(one.before).readlines(), StringIO(one.after).readlines(), one.path, one.path)
    for line in lines:
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _pass_on(one: Styled) -> None:
    """What came in, in the one style; where it is refused nothing goes out."""
    output.diagnostics(output.messages(), one.diagnostics)
    for told in one.told:
        output.say(f"<stdin>: {told}", "yellow")
    sys.stdout.write(one.after or "")


def _print(done: list[Styled], keep: bool, diff: bool) -> None:
    console, aside = output.results(), output.messages()
    for one in done:
        output.diagnostics(aside, one.diagnostics)
        if diff:
            for line in difference(one):
                _coloured(console, line)
        elif one.state == "changed":
            output.line(console, Text.assemble((clean(one.path), "bold"), f": {'would change' if keep else 'changed'}"))
        for told in one.told:
            output.say(f"{one.path}: {told}", "yellow")
    counts = {state: sum(one.state == state for one in done) for state in ("changed", "unchanged", "refused")}
    said = f"{output.counted(len(done), 'file')}: "
    said += f"{counts['changed']:,} {'would change' if keep else 'changed'}, {counts['unchanged']:,} in the style"
    said += f", {counts['refused']:,} refused and left as they are" if counts["refused"] else ""
    style = "bold red" if counts["refused"] else "bold yellow" if counts["changed"] and keep else "bold green"
    output.line(aside if diff else console, Text(said, style))


def _coloured(console: Console, line: str) -> None:
    """A line of a diff; on a terminal nothing in it moves the cursor, elsewhere it is as a patch needs it."""
    if not console.is_terminal:
        console.file.write(line)
        return
    styles = {"+": "green", "-": "red", "@": "cyan"}
    output.line(console, Text("".join(visible(c) for c in line.rstrip("\n")), styles.get(line[0], "")))
