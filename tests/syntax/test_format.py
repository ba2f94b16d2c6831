"""The one style keeps what a policy says, and refuses what it cannot prove to keep."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from slarules.source import Source
from slarules.syntax import format as formatting
from slarules.syntax.format import WIDTH, format_policy

ROOT = Path(__file__).parents[2]
HEAD = "slarules 1\n\ncontract C\n  provider P\n\n"
PATTERNS = (
    "contracts/*/*.sla", "examples/**/*.sla", "tests/rules/**/*.sla", "tests/corpus/good/*.sla",
    "tests/corpus/bad/*.sla",
)
FILES = sorted({path for pattern in PATTERNS for path in ROOT.glob(pattern)})


def formatted(text: str, width: int = WIDTH) -> str:
    made = format_policy(Source("policy.sla", text), width)
    assert made.text is not None, made.diagnostics
    return made.text


def body(text: str, width: int = WIDTH) -> str:
    """A formatted fragment, without the head that is put before it."""
    made = formatted(HEAD + text, width)
    assert made.startswith(HEAD)
    return made.removeprefix(HEAD)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_policies_of_the_repository_are_formatted_and_stay_so(path: Path) -> None:
    try:
        text = path.read_text("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        pytest.skip("not UTF-8 on purpose")
    made = format_policy(Source(path.name, text))
    assert not [d for d in made.diagnostics if d.code == formatting.UNPROVEN]
    if path.parent.name == "bad" and made.text is None:
        return
    assert made.text is not None, made.diagnostics
    assert format_policy(Source(path.name, made.text)).text == made.text


def test_a_file_with_mistakes_is_refused_with_them() -> None:
    made = format_policy(Source("policy.sla", HEAD + "duty d\n  wen request opened\n  P must open\n"))
    assert made.text is None and [d.code for d in made.diagnostics] == ["E0201"]


# ---- Comments and quotations -------------------------------------------------------------------------------------


def test_comments_stay_beside_what_they_stand_beside() -> None:
    text = """\
-- above the duty
duty d  -- at its head
   -- above the first line
   when request opened   --no blank
     -- deeper than any block
   -- at the block's end

-- at the margin
     -- deeper, and the last
"""
    text = text.replace("     -- deeper than", "   P must open\n     -- deeper than")
    assert body(text) == """\
-- above the duty
duty d  -- at its head
  -- above the first line
  when request opened  --no blank
  P must open
  -- deeper than any block
  -- at the block's end

-- at the margin
  -- deeper, and the last
"""


def test_a_comment_within_a_statement_holds_its_lines() -> None:
    text = """\
duty d
  when request opened or  -- the first
      request asked or
      -- between
      request   reopened
  P must open
"""
    assert body(text) == """\
duty d
  when request opened or  -- the first
    request asked or
    -- between
    request reopened
  P must open
"""


def test_quotations_keep_their_lines_and_their_blanks() -> None:
    text = 'clause "1"\n      >   two   blanks  \n      >and none\n\n      > another\n      information because "x"\n'
    assert body(text) == 'clause "1"\n\n  >   two   blanks\n  >and none\n\n  > another\n  information because "x"\n'


def test_strings_keep_their_blanks_and_are_not_joined() -> None:
    text = 'information because "a  --  b"\n    "c\t,d"   “e ( f”\n'
    assert body(f'clause "1"\n  > q\n  {text}').endswith('because "a  --  b" "c\t,d" “e ( f”\n')


def test_nothing_but_a_comment_at_the_end_without_a_newline() -> None:
    assert formatted(HEAD.rstrip() + "\n\n\n-- the end") == HEAD + "-- the end\n"


# ---- Breaking ----------------------------------------------------------------------------------------------------


def test_a_line_is_broken_where_the_fewest_words_belong_together() -> None:
    text = "duty d\n  when request opened\n  if a and (b or c or d) and e\n  P must open\n"
    assert "  if a and (b or c or d) and e\n" in body(text, 40)
    longer = text.replace("e\n  P", "eeeeeeeeeeeeeeeeee\n  P")
    assert "  if a and (b or c or d)\n    and eeeeeeeeeeeeeeeeee\n" in body(longer, 40)
    inside = text.replace("or c or d", "or ccccccccccccccccc or ddddddddddddddd")
    assert "  if a\n    and (b or ccccccccccccccccc\n      or ddddddddddddddd)\n    and e\n" in body(inside, 40)


def test_breaks_of_the_writer_stay_where_each_part_fits() -> None:
    condition = "aaaaaaaaaaaaaaa and\n     bbbbbbbbbbbbb\n     and ccccccccccccc"
    text = f"duty d\n  when request opened\n  if {condition}\n  P must open\n"
    kept = "  if aaaaaaaaaaaaaaa and\n    bbbbbbbbbbbbb\n    and ccccccccccccc\n"
    assert kept in body(text, 40)
    assert "  if aaaaaaaaaaaaaaa and bbbbbbbbbbbbb and ccccccccccccc\n" in body(text, 80)


def test_widths_are_those_of_a_screen() -> None:
    text = 'table t by severity\n  | severity | words |\n  | 1 | "日本語" |\n  | 2 | "e\u0301" |\n'
    assert body(text).splitlines()[1:] == [
        "  | severity | words    |", '  | 1        | "日本語" |', '  | 2        | "e\u0301"      |'
    ]


@pytest.mark.parametrize("count", [40, 1000])
def test_a_very_long_line_is_broken_at_once(count: int) -> None:
    names = ", ".join(f"name_{n}" for n in range(count))
    lines = body(f"fact f of request: one of {names}\n").splitlines()
    assert all(len(line) <= WIDTH for line in lines) and len(lines) > count // 15
    nested = "the lesser of 1 and " * count + "2"
    assert body(f"amount a in USD is {nested}\n").replace("\n", " ").split() == f"amount a in USD is {nested}".split()


@pytest.mark.parametrize("between", [",\n  ", ", -- why\n  "], ids=["broken", "with comments"])
def test_time_grows_with_the_text(between: str) -> None:
    text = HEAD + "fact f of request: one of " + between.join(["name"] * 8_000) + "\n"
    began = time.process_time()
    made = formatted(text, 60)
    assert "".join(made.split()) == "".join(text.split())
    assert time.process_time() - began < 6  # six times that when each line looked at all those before it


# ---- What the style must not touch, and the proof ----------------------------------------------------------------


@pytest.mark.parametrize("line", ["(abc)and d", "( abc ) and d", "(a) (b) and c"])
def test_a_name_in_brackets_does_not_become_a_label(line: str) -> None:
    text = f"duty d\n  when request opened\n  if any of\n    {line}\n    e\n  P must open\n"
    assert f"\n    {line}\n" in body(text)


def _drop_comments(lines: list[str]) -> list[str]:
    return [line.split("--")[0].rstrip() for line in lines]


def _move_comment(lines: list[str]) -> list[str]:
    at = next(n for n, line in enumerate(lines) if line.strip() == "-- why")
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


def _change_string(lines: list[str]) -> list[str]:
    return [line.replace('"two  blanks"', '"two blanks"') for line in lines]


def _change_word(lines: list[str]) -> list[str]:
    return [line.replace("must open", "must not open") for line in lines]


def _dedent(lines: list[str]) -> list[str]:
    return [line.removeprefix("  ") if "information" in line else line for line in lines]


def _join_quotations(lines: list[str]) -> list[str]:
    at = next(n for n, line in enumerate(lines) if "> two" in line)
    return [*lines[: at - 1], *lines[at:]]


def _swap(lines: list[str]) -> list[str]:
    return [*lines[:-2], lines[-1], lines[-2]]


SAID = HEAD + """\
clause "1"

  > one

  > two
  these lines are information because "two  blanks"

  duty d
    -- why
    when request opened  -- beside
    P must open
"""


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (_drop_comments, "the comments"), (_move_comment, "the comments"), (_change_string, "the words"),
        (_change_word, "the words"), (_dedent, "the structure"), (_join_quotations, "the words"), (_swap, "the words"),
    ],
)
def test_a_style_that_changed_what_is_said_would_be_refused(
    monkeypatch: pytest.MonkeyPatch, wrong: Callable[[list[str]], list[str]], what: str
) -> None:
    right = formatting.style

    def mistaken(*args: object) -> tuple[list[str], list[int]]:
        lines, owners = right(*args)  # type: ignore[arg-type]
        return wrong(lines), owners

    assert formatted(SAID) == SAID
    monkeypatch.setattr(formatting, "style", mistaken)
    made = format_policy(Source("policy.sla", SAID))
    assert made.text is None
    assert [d.code for d in made.diagnostics] == [formatting.UNPROVEN]
    assert what in made.diagnostics[0].message or "spelling" in made.diagnostics[0].message


def test_a_style_that_does_not_settle_would_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    right = formatting.style
    calls = []

    def restless(*args: object) -> tuple[list[str], list[int]]:
        lines, owners = right(*args)  # type: ignore[arg-type]
        calls.append(1)
        return [*lines, *["-- x"] * 0, *([""] if len(calls) > 1 else [])], [*owners, owners[-1]]

    monkeypatch.setattr(formatting, "style", restless)
    made = format_policy(Source("policy.sla", SAID.replace("when  ", "when ").replace("    P must", "    P  must")))
    assert made.text is None and "twice" in made.diagnostics[0].message
