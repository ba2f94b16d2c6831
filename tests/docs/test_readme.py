"""The README's Python runs as it is written, beside the files that it shows; its commands are those of the Makefile."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from slarules.readers import Rejected, read_events
from tests.docs.pages import ROOT, fences, put_files

README = "README.md"
PAGES = (
    README, "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)


def test_python_runs_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_files(README, tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    shown = [fence for fence in fences(README) if fence.kind == "python"]
    assert len(shown) >= 2
    for fence in shown:
        exec(compile("\n" * (fence.line - 1) + fence.text, README, "exec"), names)


@pytest.mark.parametrize("page", ["README.md", "docs/language.md", "docs/events.md", "docs/commands.md"])
def test_logs_are_read_without_a_reject(page: str, tmp_path: Path) -> None:
    put_files(page, tmp_path)
    for fence in fences(page):
        if fence.kind == "jsonl" and fence.file and "rejects" not in fence.info:
            reading = read_events(tmp_path / fence.file)
            assert not [entry for entry in reading if isinstance(entry, Rejected)], str(fence)
            assert not reading.problems


def test_commands_are_the_makefile_s() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    shown = {
        word for page in PAGES for fence in fences(page) if fence.kind == "sh"
        for word in re.findall(r"^make ([a-z]+)", fence.text, re.MULTILINE)
    }
    assert {"demo", "test"} <= shown <= targets


@pytest.mark.parametrize("page", PAGES)
def test_lines_are_short_and_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    prose = re.sub(r"^```(?:jsonl|console).*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    long = [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("|")]
    assert not long, f"{page}: {long}"
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        there = "://" in target or ((ROOT / page).parent / target).exists()
        assert there, f"{page} leads to {target}, which is not there"


@pytest.mark.parametrize("page", PAGES)
def test_anchors_exist(page: str) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", (ROOT / page).read_text("utf-8")):
        other = (ROOT / page).parent / target if target else ROOT / page
        headings = re.findall(r"^#+ (.+)$", other.read_text("utf-8"), re.MULTILINE)
        assert anchor in {slug(heading) for heading in headings}, f"{page} leads to {target}#{anchor}"


def slug(heading: str) -> str:
    """A heading's anchor."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.replace(" ", "-")


def test_codes_on_the_pages_have_their_own_page() -> None:
    for page in PAGES:
        for code in set(re.findall(r"\b[EW]\d{4}\b", (ROOT / page).read_text("utf-8"))):
            assert (ROOT / "docs/diagnostics" / f"{code}.md").exists(), f"{page} speaks of {code}"


def test_every_finding_and_flag_is_explained() -> None:
    engine = "".join(path.read_text("utf-8") for path in sorted((ROOT / "slarules/engine").rglob("*.py")))
    findings = re.findall(r"Finding\([^()]*(?:\([^()]*\)[^()]*)*?\"([a-z_]+)\",", engine)
    events = (ROOT / "docs/events.md").read_text("utf-8")
    assert len(set(findings)) > 5
    assert not [code for code in findings if f"`{code}`" not in events]
    commands = (ROOT / "docs/commands.md").read_text("utf-8")
    flags = set(re.findall(r"verdict\.flags, \"([a-z_]+)\"|flags\.add\(\"([a-z_]+)\"\)", engine))
    assert not [one or other for one, other in flags if f"`{one or other}`" not in commands]


def test_every_option_is_explained() -> None:
    from slarules.cli.main import COMMANDS, cli

    text = (ROOT / "docs/commands.md").read_text("utf-8")
    for name in COMMANDS:
        part = text.split(f"\n## {name}\n")[1].split("\n## ")[0]
        command = cli.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--") and option != "--help":
                    assert option in part, f"docs/commands.md says nothing of `{name} {option}`"
