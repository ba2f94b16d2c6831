"""``slarules check``: what is wrong, where, and what to do; exit codes; nothing misleading reaches the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from slarules import loader
from slarules.cli.excerpt import clean, excerpt
from slarules.diagnostics import Diagnostic, error
from slarules.source import Source, Span
from slarules.syntax.parse import parse
from slarules.syntax.tree import PolicyTree
from tests.cli.conftest import POLICY, Run


def test_a_sound_policy(run: Run) -> None:
    result = run("check", "policy.sla")
    assert result.exit_code == 0
    assert result.stdout == (
        "policy.sla: 2 rules, 1 calendar, 1 reading, 1 scenario\n1 file checked: nothing wrong\n"
    )


def test_a_mistake_has_code_place_line_caret_and_help(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY.replace("to Customer as", "to Custmer as"), "utf-8")
    result = run("check", "policy.sla")
    assert result.exit_code == 3
    line = POLICY.split("\n").index("    Trak must acknowledge to Customer as read in ack") + 1
    assert result.stdout == (
        "error[E0303]: `Custmer` is no party\n"
        f"  --> policy.sla:{line}:30\n"
        "   |\n"
        f"{line} |     Trak must acknowledge to Custmer as read in ack\n"
        "   |                              ^^^^^^^\n"
        "   = help: did you mean `Customer`?\n"
        "\n"
        "1 file checked: 1 error\n"
        "to read more: slarules explain-code E0303\n"
    )


def test_a_quotation_not_in_the_source_shows_the_nearest_words(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY.replace("each request within one", "every request within one"), "utf-8")
    result = run("check", "policy.sla")
    assert result.exit_code == 3
    assert "E0401" in result.stdout and "::: source.txt:3:1" in result.stdout


def test_mistakes_in_scenarios_are_reported(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_text(POLICY + '\nscenario "x"\n  2026-03-02 08:00  T1 opend\n', "utf-8")
    result = run("check", "policy.sla")
    assert result.exit_code == 3
    assert "E0804" in result.stdout and "did you mean `opened`?" in result.stdout


@pytest.mark.parametrize(
    ("data", "code", "exit_code"),
    [
        (b"\xef\xbb\xbf" + POLICY.encode(), "W0103", 0),
        (POLICY.encode("utf-16"), "E0104", 3),
        (POLICY.replace("requestor", "demandé").encode("latin-1"), "E0104", 3),
        (b"", "E0110", 3),
        (b"\x00\x01\x02", "E0105", 3),
        (POLICY.replace("    Trak must", "\tTrak must").encode(), "E0101", 3),
        (POLICY.replace("confirm", "conf\u202eirm").encode(), "E0105", 3),
        (POLICY.replace("a heading", "a \x07heading").encode(), "E0105", 3),
        (POLICY.replace("a heading", "a \x7fheading").encode(), "E0105", 3),
        (b"-- x\n" * 2_000_000, "E0108", 3),
        (b"x" * 17_000_000, "E0108", 3),
        (POLICY.replace("\n", "\r\n").encode(), "nothing wrong", 0),
    ],
    ids=["bom", "utf-16", "latin-1", "empty", "binary", "tab", "bidi", "bell", "delete", "10 MB", "17 MB", "crlf"],
)
def test_a_file_that_is_no_clean_text(run: Run, folder: Path, data: bytes, code: str, exit_code: int) -> None:
    (folder / "policy.sla").write_bytes(data)
    result = run("check", "policy.sla")
    assert code in result.stdout
    assert result.exit_code == exit_code
    assert "\u202e" not in result.stdout


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "a PDF"),
        (b"PK\x03\x04\x14\x00\x06\x00", "a Word document or packed otherwise"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a Word document of the old kind"),
        (b"{\\rtf1\\ansi Acme shall respond.}", "rich text (RTF)"),
    ],
    ids=["pdf", "docx", "doc", "rtf"],
)
def test_a_contract_that_is_no_plain_text(run: Run, folder: Path, data: bytes, kind: str) -> None:
    """One message, and not one for each quotation that is not found in it."""
    (folder / "source.txt").write_bytes(data)
    seen = run("check", "policy.sla")
    assert (seen.exit_code, seen.stdout.count("error[")) == (3, 1)
    assert f"error[E0104]: the file is {kind}, and no plain text" in seen.stdout
    assert "copy its words into a file of plain text, saved as UTF-8, and name that one" in seen.stdout


def test_a_contracts_own_text_is_no_policy(run: Run, folder: Path) -> None:
    """One message, not one for each paragraph."""
    (folder / "contract.txt").write_text("Support Agreement\n\n1. Acme shall respond.\n\n2. It shall be kind.\n")
    seen = run("check", "contract.txt")
    assert (seen.exit_code, seen.stdout.count("error[")) == (3, 1)
    assert "error[E0110]: this is no policy" in seen.stdout


def test_an_empty_contract_is_told_once(run: Run, folder: Path) -> None:
    (folder / "source.txt").write_text(" \n")
    seen = run("check", "policy.sla")
    assert (seen.exit_code, seen.stdout.count("error[")) == (3, 1)
    assert "error[E0405]: the contract's text `source.txt` is empty" in seen.stdout


def test_the_wrong_byte_is_told(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_bytes(b"slarules 1\n-- caf\xe9\n")
    result = run("check", "policy.sla")
    assert "byte 0xe9 at offset 17, in line 2" in result.stdout


def test_warnings_fail_only_if_asked(run: Run, folder: Path) -> None:
    (folder / "policy.sla").write_bytes(b"\xef\xbb\xbf" + POLICY.encode())
    assert run("check", "policy.sla").exit_code == 0
    assert run("check", "policy.sla", "--fail-on", "warning").exit_code == 2


@pytest.mark.parametrize(
    ("path", "said"),
    [("nowhere.sla", "there is no such file"), (".", "it is a folder"), ("n" * 300, "file name too long")],
)
def test_a_file_that_cannot_be_read(run: Run, path: str, said: str) -> None:
    result = run("check", path)
    assert result.exit_code == 1
    assert "E0100" in result.stdout and said in result.stdout


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("nowhere.txt", "there is no such file"),
        ("/etc/hostname", "is not a path from the policy's folder"),
        ("../source.txt", "leads out of the policy's folder"),
        ("C:\\source.txt", "is not a path from the policy's folder"),
        ("link.txt", "leads out of the policy's folder"),
        ("empty.txt", "is empty"),
        (".", "it is a folder"),
        ("", "is no file name"),
    ],
)
def test_the_contracts_text_stays_beside_the_policy(run: Run, folder: Path, stated: str, said: str) -> None:
    (folder / "empty.txt").write_text("\n")
    (folder / "link.txt").symlink_to(folder.parent / "other.txt")
    (folder / "policy.sla").write_text(POLICY.replace("source.txt", stated), "utf-8")
    result = run("check", "policy.sla")
    assert result.exit_code == 3
    assert "E0405" in result.stdout and said in result.stdout


def test_several_files_in_one_call(run: Run, folder: Path) -> None:
    (folder / "bad.sla").write_text("slarules 1\n", "utf-8")
    result = run("check", "policy.sla", "bad.sla", "nowhere.sla")
    assert result.exit_code == 1
    assert "3 files checked: 2 errors" in result.stdout


# ---- The excerpt ----------------------------------------------------------------------------------------------


def shown(text: str, word: str, width: int | None = None) -> list[str]:
    source = Source("f.sla", text)
    start = text.index(word)
    return excerpt(error("E0999", Span(source, start, start + len(word)), "m"), width).plain.split("\n")


@pytest.mark.parametrize(
    ("text", "word", "line", "marks"),
    [
        ("a\tword", "word", "1 | a    word", "  |      ^^^^"),
        ("漢字 word", "word", "1 | 漢字 word", "  |      ^^^^"),
        ("a 漢字 b", "漢字", "1 | a 漢字 b", "  |   ^^^^"),
        ("e\u0301 word", "word", "1 | e\u0301 word", "  |   ^^^^"),
        ("\x1b[31m word", "word", "1 | ␛[31m word", "  |       ^^^^"),
        ("a\u202eb word", "word", "1 | a<U+202E>b word", "  |            ^^^^"),
    ],
    ids=["tab", "wide before", "wide under", "combining", "escape", "bidi"],
)
def test_the_caret_stands_under_the_words(text: str, word: str, line: str, marks: str) -> None:
    assert shown(text, word)[3:5] == [line, marks]


def test_a_span_over_lines_says_where_it_ends() -> None:
    assert shown("one\ntwo\nthree", "one\ntwo")[4] == "  | ^^^ … to line 2"


def test_a_long_line_is_cut_around_the_words() -> None:
    lines = shown("x" * 300 + " word " + "y" * 300, "word", width=80)
    assert len(lines[3]) <= 80
    assert lines[3].startswith("1 | …") and lines[3].endswith("…")
    assert lines[3][lines[4].index("^") :].startswith("word")


def test_a_line_of_megabytes_is_not_measured() -> None:
    lines = shown("漢" * 2_000_000 + "word" + "漢" * 2_000_000, "word")
    assert max(map(len, lines)) < 250


def test_nothing_unclean_is_shown() -> None:
    assert clean("a\x07b\u200fc\nd") == "a␇b<U+200F>c d"


def test_help_wraps_under_itself_on_a_narrow_terminal() -> None:
    source = Source("f.sla", "word")
    text = excerpt(error("E0999", Span(source, 0, 4), "m", "one two " * 12), 60).plain.split("\n")
    assert text[5].startswith("  = help: one two") and text[6].startswith(" " * 10 + "one")
    assert max(map(len, text)) <= 60


def test_a_policy_is_parsed_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[Source] = []

    def counted(source: Source) -> tuple[PolicyTree, tuple[Diagnostic, ...]]:
        parsed.append(source)
        return parse(source)

    monkeypatch.setattr(loader, "parse", counted)
    found = loader.load_scenarios(folder / "policy.sla")
    assert found.policy is found.file and found.policy.contract is not None and len(parsed) == 1
