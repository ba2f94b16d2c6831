"""What a page of the documentation shows: its fenced snippets, and the files that a shell snippet of it finds.

A fence's first words say what is done with it (docs/language.md, "How this page is tested"):

    sla                a policy file by itself: no error; its scenarios pass
    sla NAME           likewise, and later commands on the page find it under that name
    sla preamble       likewise; it stands before every fragment, on other pages too
    sla fragment       rules: with the preamble before them they are a policy file
    sla bad            a policy file that gives exactly the codes in the comment on its first line
    sla fragment bad   rules that do so with the preamble before them
    text NAME          a contract's own words, for the policies below that name the file
    jsonl NAME         an event log; csv NAME, toml NAME likewise: a file for the commands below
    console            commands after ``$``, each with its output
    python             runs as it stands, after the page's other Python
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from slarules.diagnostics import Diagnostic, Level
from slarules.loader import LoadedScenarios, load_scenarios
from slarules.scenario.reading import read_all
from slarules.scenario.run import Outcome, run

ROOT = Path(__file__).parents[2]
NAMES = ("language", "how-to-say", "semantics", "events", "commands", "repl", "testing", "compare", "readings")
PAGES = (*(f"docs/{name}.md" for name in NAMES), "README.md")
"""Pages of which every policy is read, and every command run."""
LANGUAGE = "docs/language.md"
"""The page with the preamble of all fragments."""
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"[\w-]+\.\w+")
SLARULES = [sys.executable, "-c", "from slarules.cli.main import main; main()"]


@frozen
class Fence:
    """One snippet of a page."""

    page: str
    line: int
    """The line of its first words."""
    info: tuple[str, ...]
    text: str

    @property
    def kind(self) -> str:
        return self.info[0] if self.info else ""

    @property
    def file(self) -> str | None:
        """The name under which the page's commands find it."""
        return next((word for word in self.info if FILE.fullmatch(word)), None)

    @property
    def codes(self) -> set[str]:
        """What a bad snippet must give."""
        return set(re.findall(r"[EW]\d{4}", self.text.splitlines()[0]))

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def fences(page: str) -> list[Fence]:
    """The snippets of a page, in order."""
    path = ROOT / page
    text = path.read_text("utf-8") if path.exists() else ""
    return [
        Fence(page, text.count("\n", 0, found.start()) + 2, tuple(found["info"].split()), found["text"])
        for found in FENCE.finditer(text)
    ]


def policies(page: str) -> Iterator[tuple[Fence, str, str]]:
    """Each policy of a page: its fence, the whole file, and the contract's words that stand above it."""
    preamble = next((fence.text for fence in fences(LANGUAGE) if "preamble" in fence.info), "")
    source = ""
    for fence in fences(page):
        if fence.kind == "text" and fence.file:
            source = fence.text
        if fence.kind != "sla":
            continue
        whole = f"{preamble}\n{fence.text}" if "fragment" in fence.info else fence.text
        yield fence, whole, source


@frozen
class Read:
    """What a policy of a page gave."""

    loaded: LoadedScenarios
    diagnostics: tuple[Diagnostic, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def errors(self) -> list[str]:
        return [f"{d.span.line}: {d.code} {d.message}" for d in self.diagnostics if d.level is Level.ERROR]


def read(policy: str, source: str, folder: Path) -> Read:
    """Loads a policy with its contract's words beside it, and runs its scenarios."""
    path = folder / "policy.sla"
    path.write_text(policy, "utf-8")
    (folder / "source.txt").write_text(source, "utf-8")
    loaded = load_scenarios(path)
    contract = loaded.policy.contract
    if contract is None:
        return Read(loaded, loaded.diagnostics, ())
    scripts, problems = read_all(contract, loaded.file.scenarios)
    return Read(loaded, (*loaded.diagnostics, *problems), tuple(run(contract, script) for script in scripts))


def failures(outcome: Outcome) -> list[str]:
    """What a scenario expected and did not see."""
    return [
        f"line {step.line.span.line}: expected {step.judged.expected}; seen: {step.judged.seen}"
        for step in outcome.steps if step.judged is not None and not step.judged.holds
    ]


@frozen
class Command:
    """One command of a console snippet, and what it shows."""

    line: int
    words: str
    shown: str


def commands(fence: Fence) -> list[Command]:
    """The commands of a console snippet; a line that ends in a backslash goes on."""
    found: list[Command] = []
    text = fence.text.replace("\\\n", "")
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        words, _, shown = part.partition("\n")
        found.append(Command(fence.line, " ".join(words.split()), shown))
    return found


def put_files(page: str, folder: Path, before: int | None = None) -> None:
    """Writes the page's named snippets into ``folder``, those above a line only."""
    for fence in fences(page):
        if fence.file and (before is None or fence.line < before):
            (folder / fence.file).write_text(fence.text, "utf-8")


def shown_by(command: Command, folder: Path) -> str:
    """What the command prints there, on both streams, and its exit code where it is not 0."""
    words = command.words
    known = {"slarules": SLARULES}
    program, _, rest = words.partition(" ")
    arguments = [*known[program], *_split(rest)]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "110", "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    done = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=600,
        check=False,
    )
    code = f"(exit code {done.returncode})\n" if done.returncode else ""
    return plain(done.stdout + done.stderr + code)


def _split(words: str) -> list[str]:
    import shlex

    return shlex.split(words)


def plain(text: str) -> str:
    """Without blanks at the ends of lines and blank lines at either end."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines()).strip("\n")
