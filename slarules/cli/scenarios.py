"""``slarules scenarios``: propose scenarios for the duties of a policy, with what is seen, to be confirmed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from slarules.cli import output
from slarules.cli.main import COULD_NOT_RUN, FINE, POLICY_HAS_ERRORS
from slarules.diagnostics import nearest
from slarules.loader import Loaded, load
from slarules.proposing.propose import Proposal, propose
from slarules.version import __version__

HEAD = """slarules 1

scenarios of "{policy}"

-- Proposed by slarules {version}. Every figure below is what slarules sees, and not yet what the contract says:
-- confirm each against the contract's own words, mend the policy where they differ, and delete what you do not need.
"""


@click.command()
@click.argument("file", type=click.Path())
@click.option("--duty", "duties", metavar="NAME", multiple=True, help="Only this duty or target; may be repeated.")
@click.option("-o", "--output", "path", metavar="OUT", type=click.Path(dir_okay=False), help="Write to this file.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON (schema: slarules/schemas/scenarios.schema.json)."
)
def command(file: str, duties: tuple[str, ...], path: str | None, as_json: bool) -> int:
    """Propose scenarios for each duty of the policy FILE: at the deadline and beside it, over a weekend, a holiday and
    a change of clocks, with a pause, with a change of severity, and never performed."""
    loaded = load(file)
    output.diagnostics(output.messages(), loaded.diagnostics)
    if loaded.unreadable:
        return COULD_NOT_RUN
    contract = loaded.contract
    if contract is None:
        _tell_no_policy(loaded)
        return POLICY_HAS_ERRORS
    known = [name for terms in contract.versions for name in terms.duties]
    for name in duties:
        if name not in known:
            near = nearest(name, known)
            raise click.UsageError(f"the contract has no duty `{name}`" + (f"; did you mean `{near}`?" if near else ""))
    proposals = list(propose(contract, duties))
    if not proposals:
        output.say(f"`{file}` has no duty or target to try", "bold red")
        return COULD_NOT_RUN
    text = as_text(proposals, file, path)
    if path is not None and not _wrote(path, text):
        return COULD_NOT_RUN
    if as_json:
        output.as_json(as_data(proposals, file))
    elif path is None:
        click.echo(text, nl=False)
    made = sum(len(one.scenarios) for one in proposals)
    left = sum(len(one.left_out) for one in proposals)
    output.say(
        f"{output.counted(made, 'scenario')} for {output.counted(len(proposals), 'duty', 'duties')}, "
        f"{left} left out with the reason" + (f"; written to `{path}`" if path is not None else ""),
        "bold green",
    )
    return FINE


def _tell_no_policy(loaded: Loaded) -> None:
    begun = loaded.tree.contract if loaded.tree else None
    if begun is not None and begun.kind == "scenarios_of":
        output.say(f"`{loaded.path}` is a file of scenarios; name the policy that they try", "bold red")


def as_text(proposals: Sequence[Proposal], file: str, path: str | None) -> str:
    """A file of scenarios, ready to be run: beside the policy, or where ``path`` says."""
    folder = Path(path).parent if path is not None else Path(file).parent
    policy = Path(os.path.relpath(file, folder or ".")).as_posix()
    parts = [HEAD.format(policy=policy, version=__version__)]
    for one in proposals:
        sort = "target" if one.duty.effort else "duty"
        clause = f", {one.duty.citation.clause}" if one.duty.citation.clause else ""
        head = f"-- {sort} {one.duty.name}{clause} "
        lines = [head.ljust(120, "-")]
        lines += [f"-- not proposed, {what}: {why}" for what, why in one.left_out]
        parts.append("\n".join(lines) + "\n")
        parts += [text for _, text in one.scenarios]
    return "\n".join(parts)


def as_data(proposals: Sequence[Proposal], file: str) -> dict[str, object]:
    """The result for another program, as ``scenarios.schema.json`` says."""
    return {
        "command": "scenarios",
        "version": __version__,
        "policy": file,
        "duties": [
            {
                "name": one.duty.name,
                "rule": "target" if one.duty.effort else "duty",
                "clause": one.duty.citation.clause,
                "line": one.duty.citation.rule.line,
                "scenarios": [{"title": title, "text": text} for title, text in one.scenarios],
                "left_out": [{"what": what, "why": why} for what, why in one.left_out],
            }
            for one in proposals
        ],
    }


def _wrote(path: str, text: str) -> bool:
    try:
        Path(path).write_text(text, "utf-8", newline="\n")
    except OSError as problem:
        output.say(f"cannot write `{path}`: {(problem.strerror or str(problem)).lower()}", "bold red")
        return False
    return True
