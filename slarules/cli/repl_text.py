"""How the answers of a session look: lines, tables and diagnostics in the terminal's colours."""

from __future__ import annotations

import locale
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from slarules.cli import output
from slarules.cli.excerpt import clean, excerpt
from slarules.diagnostics import Diagnostic
from slarules.repl import answers
from slarules.repl.answers import Answer, Grid, Line, Look, Words
from slarules.repl.loop import Show

STYLES = {
    answers.PLAIN: "",
    answers.STRONG: "bold",
    answers.FAINT: "dim",
    answers.GOOD: "green",
    answers.BAD: "bold red",
    answers.DOUBT: "yellow",
    answers.RUNNING: "cyan",
    answers.STILL: "blue",
    answers.QUOTED: "italic",
    answers.NOW: "bold magenta",
}
PIPED = 100
"""Cells of a line that goes to a file or another program."""
SIGNS = "━┄▒◆✓✗●■│─┬→└├“”…"
IN_ASCII = str.maketrans(dict(zip(SIGNS, "-.#Dvxoe|-+>`|\"\".", strict=True)))
"""Signs of answers, and what stands for them where only ASCII can be shown."""
GAP = 2
NARROWEST = 12
"""Cells to which a column of a table is narrowed at most."""


def look() -> Look:
    """How wide stdout is, and whether it shows more than ASCII. What is no terminal gets the same bytes everywhere."""
    console = output.results()
    if not console.is_terminal:
        return Look(PIPED)
    return Look(console.width, not _shows(locale.getencoding()))


def _shows(encoding: str) -> bool:
    """Whether a terminal of that encoding has the signs of a picture."""
    try:
        SIGNS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def shows(apart: bool = False) -> Show:
    """Prints answers on stdout; ``apart``: what is wrong goes to stderr, as before a conversation begins."""

    def show(answer: Answer) -> None:
        console = output.results()
        for part in answer:
            match part:
                case Diagnostic():
                    _diagnostic(output.messages() if apart else console, part)
                case Grid():
                    for made in _grid(part, look().width):
                        for row in _wrapped(made, console):
                            output.line(console, row)
                case Line(parts):
                    plain = look().ascii
                    for row in _wrapped(Text.assemble(*(_text(words, plain) for words in parts)), console):
                        output.line(console, row)

    return show


def _wrapped(text: Text, console: Console) -> Iterator[Text]:
    """On a terminal, over lines that fit; those after the first stand a little further in."""
    text.rstrip()
    if not console.is_terminal or text.cell_len <= console.width:
        yield text
        return
    hang = " " * min(len(text.plain) - len(text.plain.lstrip()) + 2, console.width // 2)
    first, *_ = text.wrap(console, console.width)
    yield _trimmed(first)
    rest = text[len(first.plain) :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
    for row in rest.wrap(console, console.width - len(hang)):
        yield _trimmed(Text.assemble(hang, row))


def _trimmed(text: Text) -> Text:
    text.rstrip()
    return text


def _text(words: Words, plain: bool = False) -> Text:
    text = clean(words[0])
    return Text(text.translate(IN_ASCII) if plain else text, STYLES[words[1]])


def _diagnostic(console: Console, problem: Diagnostic) -> None:
    """With its excerpt; one of no place in a file or line has only its words."""
    if not problem.span.source.text and problem.span.source.name == answers.NOWHERE:
        level = problem.level.value
        head = (f"{level}[{problem.code}]", "bold red" if level == "error" else "bold yellow")
        output.line(console, Text.assemble(head, (f": {clean(problem.message)}", "bold")))
        if problem.help:
            output.line(console, Text.assemble(("  help: ", "bold green"), clean(problem.help)))
        return
    console.print(excerpt(problem, console.width if console.is_terminal else None), soft_wrap=True, end="")


# ---- Tables -------------------------------------------------------------------------------------------------


def _grid(table: Grid, width: int) -> Iterator[Text]:
    """The rows, under quiet heads; a cell that is too long goes on in the lines below, and loses nothing."""
    heads = tuple((head, answers.FAINT) for head in table.heads)
    rows = [heads, *table.rows]
    widths = [max(cell_len(clean(row[n][0])) for row in rows) for n in range(len(heads))]
    least = [max(min(NARROWEST, wide), _longest_word(rows, n)) for n, wide in enumerate(widths)]
    room = width - 2 - GAP * (len(widths) - 1)
    while sum(widths) > room:
        spare = [(wide - low, wide, n) for n, (wide, low) in enumerate(zip(widths, least, strict=True)) if wide > low]
        if not spare:
            break
        widths[max(spare)[2]] -= 1
    if sum(widths) > room:
        yield from _stacked(table)
        return
    for row in rows:
        cells = [_folded(clean(words), size) for (words, _), size in zip(row, widths, strict=True)]
        for number in range(max(map(len, cells))):
            yield _line(row, cells, widths, number)


def _stacked(table: Grid) -> Iterator[Text]:
    """The rows where the terminal is too narrow for columns: each cell under the row's first, after its head."""
    for row in table.rows:
        yield Text.assemble("  ", _text(row[0]))
        for head, words in zip(table.heads[1:], row[1:], strict=True):
            if words[0].strip():
                yield Text.assemble((f"    {head}: ", STYLES[answers.FAINT]), _text(words))


def _longest_word(rows: Sequence[Sequence[Words]], column: int) -> int:
    return max((cell_len(word) for row in rows for word in clean(row[column][0]).split(" ")), default=0)


def _line(row: Sequence[Words], cells: list[list[str]], widths: list[int], number: int) -> Text:
    made = Text("  ")
    for n, (cell, size) in enumerate(zip(cells, widths, strict=True)):
        words = cell[number] if number < len(cell) else ""
        made.append(words, STYLES[row[n][1]])
        made.append(" " * (size - cell_len(words) + GAP))
    return _trimmed(made)


def _folded(words: str, size: int) -> list[str]:
    """The words over lines of at most so many cells."""
    lines = [""]
    for word in words.split(" "):
        while cell_len(word) > size:  # a long name is cut where it must be
            head = word[: max(1, size)]
            word = word[len(head) :]
            lines += [head] if lines[-1] else []
            lines[-1] = head
        if lines[-1] and cell_len(lines[-1]) + 1 + cell_len(word) > size:
            lines.append(word)
        else:
            lines[-1] += f" {word}" if lines[-1] else word
    return lines
