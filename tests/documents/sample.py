"""A document with a block of each kind: what every renderer is tried on."""

from __future__ import annotations

from slarules.documents.blocks import (
    CODE,
    DELETED,
    EMPHASIS,
    INSERTED,
    STRONG,
    Beside,
    Cell,
    Definitions,
    Document,
    Figure,
    Grid,
    Item,
    Link,
    Listing,
    Paragraph,
    Quotation,
    Remark,
    Run,
    Section,
    SignOff,
    Statement,
    cells,
    plain,
)
from slarules.pictures.picture import Picture

SQUARE = Picture(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 48" width="96" height="48" role="img">'
    "<title>A square</title><desc>A dark square stands on the left.</desc>"
    '<rect width="48" height="48" fill="#222"/></svg>',
    96,
    48,
    "A square",
    "A dark square stands on the left.",
)


def sample(text: str = "a request") -> Document:
    """Every kind of block; ``text`` stands in each place that a policy's words can reach."""
    remark = Remark("ambiguity", text, f"Is {text} a request?\nIt may not be.")
    words = (
        Run(text), Run(" strong ", STRONG), Run("emphasis ", EMPHASIS), Run(text, CODE), Run(text, INSERTED),
        Run(text, DELETED), Link(text, "second"),
    )
    statement = Statement("rule-one", text, "duty", (words, plain(f"It counts {text}.")), (remark,), text)
    beside = Beside((Quotation(text, "source.txt, line 1"),), (statement,))
    grid = Grid(
        text, cells("severity", text), (cells("1", text), (Cell(plain("2")), Cell(plain("4"), right=True))), (1, 3)
    )
    return Document(
        text,
        "Summary of clauses",
        text,
        (Paragraph(plain(text), "lead"), Definitions(((plain(text), (plain(text), plain("again"))),))),
        (
            Section(
                text,
                "first",
                (Paragraph(words, remarks=(remark,)), Paragraph(plain(text), "note")),
                (
                    Section("Words", "words", (beside,), (), "1.1"),
                    Section("Deeper", "deeper", (Quotation(text, "source.txt, line 2"),), (), "1.2"),
                ),
                "1",
            ),
            Section(
                "Lists and pictures",
                "second",
                (
                    Listing((Item(words, (Item(plain(text)),)), Item(plain("second")))),
                    Listing((Item(plain(text)),), ordered=True),
                    grid,
                    Figure(SQUARE, text),
                    SignOff(plain(text), (text, "Customer")),
                ),
                (),
                "2",
                True,
            ),
        ),
    )
