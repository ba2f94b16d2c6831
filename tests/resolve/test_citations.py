"""Quotations are found exactly or not at all, and the ledger leaves out no word of a contract."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.resolve.citations import Cited, Found, Ledger, Status, coverage, find_quote
from slarules.resolve.sentences import fold, sentences
from slarules.source import Source, Span

CONTRACTS = sorted(Path(__file__).parents[2].glob("contracts/*/source.txt"))
SOURCES = {path.parent.name: Source(path.name, path.read_text(encoding="utf-8")) for path in CONTRACTS}
POLICY = Source("policy.sla", "> the quotation\n")
HERE = Span(POLICY, 0, 15)
RECEIPT = (
    "For Support requests not made by telephone, within the Request Response Time of such a request, Trak\n"
    "shall confirm to the requestor receipt of the request by Service Provider."
)


def text(words: str) -> Source:
    return Source("source.txt", words)


def code(found: Found) -> str:
    assert not found.spans
    (problem,) = found.problems
    assert problem.span == HERE
    return problem.code


def said(source: Source) -> list[str]:
    return [fold(sentence.text) for sentence in sentences(source)]


# Quotations.


def test_a_quotation_may_be_broken_over_lines_and_is_found_where_it_stands() -> None:
    source = text("Title\n\nWe shall\n  answer\u00a0\u00a0within 2 hours.")
    (span,) = find_quote(source, "shall answer\nwithin 2 hours.", where=HERE).spans
    assert span.text == "shall\n  answer\u00a0\u00a0within 2 hours."
    assert span.line == 3


@pytest.mark.parametrize(
    ("quote", "why"),
    [
        ("Trak's Support staff", "a straight apostrophe for a curly one"),
        ("trak’s Support staff", "another case"),
        ("Trak’s Support  stuff", "another word"),
        ("Trak’s Support staff.", "a full stop that is not there"),
        ("", "nothing"),
        (" \u00a0\n", "only blanks"),
    ],
)
def test_nothing_but_white_space_is_folded(quote: str, why: str) -> None:
    assert code(find_quote(SOURCES["trak"], quote, where=HERE)) == "E0401", why


def test_a_quotation_does_not_cut_words() -> None:
    """``unauthorized exposure`` must not vouch for ``authorized exposure``."""
    found = find_quote(SOURCES["trak"], "authorized exposure", where=HERE)
    assert code(found) == "E0401"
    assert found.problems[0].help == "line 36 has them inside a longer word: quote whole words"
    assert find_quote(SOURCES["trak"], "unauthorized exposure", where=HERE).spans


def test_an_absent_quotation_is_answered_with_the_nearest_words_and_not_verified() -> None:
    quote = "Trak's Support staff shall assign to the request the Problem Severity Level"
    (problem,) = find_quote(SOURCES["trak"], quote, where=HERE).problems
    assert problem.message == "these words do not stand in `source.txt`"
    assert problem.help == (
        "the nearest words, line 23: “Trak’s Support staff shall assign to the request the Problem Severity "
        "Level”; the source has `Trak’s` where the quotation has `Trak's`. They look alike and are other signs (U+2019 "
        "there, U+0027 here): copy the words from the source"
    )
    (passage, _), = problem.related
    assert passage.line == 23


def test_the_nearest_words_are_cut_to_what_the_quotation_meant() -> None:
    source = text("In every case we shall answer the customer within 2 hours, except on Sundays.")
    (problem,) = find_quote(source, "shall answer the client within 2 hours,", where=HERE).problems
    assert problem.help == (
        "the nearest words, line 1: “shall answer the customer within 2 hours,”; "
        "the source has `customer` where the quotation has `client`"
    )
    (problem,) = find_quote(source, "shall answer the customer politely within 2 hours,", where=HERE).problems
    assert str(problem.help).endswith("the source has nothing where the quotation has `politely`")


def test_a_quotation_of_two_sentences_is_compared_with_two() -> None:
    quote = "Hot Fixes never add new functionality. Hot Fixes are not functional unless the user has it."
    (problem,) = find_quote(SOURCES["collabware"], quote, where=HERE).problems
    assert problem.related[0][0].text.startswith("Hot Fixes do not add new functionality. Hot Fixes are not")


WRAPPED = """1. Service. Acme shall respond to the
Customer's first notification within
four hours. Acme shall repair the fault
within eight hours. It shall be kind."""


@pytest.mark.parametrize(
    ("source", "quote", "line", "help"),
    [
        (WRAPPED, "Acme shall respond to the Customer's first notification within four hours. Acme shall mend the fault"
         " within eight hours.", 1, "the source has `repair` where the quotation has `mend`"),
        (WRAPPED.replace("notification", "notifi-\ncation"), "Acme shall respond to the Customer's first notification "
         "within four hours.", 1, "the source has `notifi- cation` where the quotation has `notification`. A word is "
         "broken there at the end of a line: quote it as the source has it"),
        (WRAPPED.replace("notification", "notifi-\ncation"), "Acme shall respond to the Customer's first notification",
         1, "has `notification`. A word is broken there at the end of a line: quote it as the source has it"),
        (WRAPPED.replace("first ", "first\n\nPage 3 of 12\n\n"), "the Customer's first notification within four "
         "hours.", 1, "the source has `Page 3 of 12` where the quotation has nothing"),
        ("Acme shall not\u2011fy the Customer.", "Acme shall not-fy the Customer.", 1,
         "They look alike and are other signs (U+2011 there, U+002D here): copy the words from the source"),
        ("Acme shall noti\u00adfy the Customer.", "Acme shall notify the Customer.", 1,
         "They look alike and are other signs (U+00AD there, nothing here): copy the words from the source"),
        ("Acme shall noti\ufb01 the Customer.", "Acme shall notifi the Customer.", 1,
         "They look alike and are other signs (U+FB01 there, U+0066 here): copy the words from the source"),
        ("Acme shall na\u00efvely wait.", "Acme shall nai\u0308vely wait.", 1,
         "They look alike and are other signs (U+00EF there, U+0069 here): copy the words from the source"),
    ],
)
def test_the_nearest_words_of_a_text_from_a_pdf_or_a_letter(source: str, quote: str, line: int, help: str) -> None:
    """Lines are broken anywhere there, words too, and marks are not those of the keyboard."""
    (problem,) = find_quote(text(source), quote, where=HERE).problems
    assert problem.related[0][0].line == line
    assert str(problem.help).endswith(help)


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009", "\u3000", " \u2003 "])
def test_every_blank_of_print_is_white_space(blank: str) -> None:
    assert find_quote(text(f"within{blank}four hours"), "within four hours", where=HERE).spans
    assert find_quote(text("within four hours"), f"within{blank}four hours", where=HERE).spans


def test_words_that_resemble_nothing_get_no_suggestion() -> None:
    (problem,) = find_quote(SOURCES["trak"], "a penguin swims south", where=HERE).problems
    assert problem.related == ()
    assert problem.help == "quote the source exactly; only white space may differ"
    assert code(find_quote(text(""), "a penguin", where=HERE)) == "E0401"


def test_a_quotation_that_stands_twice_must_say_which() -> None:
    found = find_quote(SOURCES["trak"], RECEIPT, where=HERE)
    assert code(found) == "E0402"
    assert found.problems[0].message == "the quotation stands twice in `source.txt`: lines 13 and 17"
    assert [span.line for span, _ in found.problems[0].related] == [13, 17]


def test_a_line_in_which_it_stands_twice_is_named_once() -> None:
    found = find_quote(text("first\nwithin a day, and within a week\nwithin a year"), "within a", where=HERE)
    assert found.problems[0].message == "the quotation stands 3 times in `source.txt`: lines 2 and 3"


def test_occurrence_chooses_one_and_all_occurrences_chooses_all() -> None:
    trak = SOURCES["trak"]
    assert [span.line for span in find_quote(trak, RECEIPT, (1, 2), where=HERE).spans] == [13]
    assert [span.line for span in find_quote(trak, RECEIPT, (2, 2), where=HERE).spans] == [17]
    assert [span.line for span in find_quote(trak, RECEIPT, where=HERE, all_of=2).spans] == [13, 17]
    assert len(find_quote(trak, "Request Support", (1, 1), where=HERE).spans) == 1
    assert len(find_quote(trak, "Request Support", where=HERE, all_of=1).spans) == 1


@pytest.mark.parametrize(
    ("occurrence", "all_of", "message"),
    [
        ((1, 3), None, "the quotation stands twice in `source.txt`, not 3 times: lines 13 and 17"),
        ((2, 1), None, "the quotation stands twice in `source.txt`, not once: lines 13 and 17"),
        ((3, 2), None, "there is no occurrence 3 of 2: they are counted from 1 to 2"),
        ((0, 2), None, "there is no occurrence 0 of 2: they are counted from 1 to 2"),
        (None, 3, "the quotation stands twice in `source.txt`, not 3 times: lines 13 and 17"),
    ],
)
def test_a_wrong_count_of_occurrences(
    occurrence: tuple[int, int] | None, all_of: int | None, message: str
) -> None:
    found = find_quote(SOURCES["trak"], RECEIPT, occurrence, where=HERE, all_of=all_of)
    assert code(found) == "E0403"
    assert found.problems[0].message == message


def test_an_occurrence_of_what_stands_once_is_left_out() -> None:
    found = find_quote(SOURCES["trak"], "Request Support", (1, 2), where=HERE)
    assert code(found) == "E0403"
    assert found.problems[0].help == "leave the occurrence out"
    assert code(find_quote(SOURCES["trak"], "no such words", (1, 2), where=HERE)) == "E0401"


def test_a_table_cell_can_be_quoted() -> None:
    """Numbers are not cut either: the ``4`` of ``24`` and ``48`` is no occurrence."""
    places = find_quote(SOURCES["trak"], "48", where=HERE)
    assert [span.line for span in places.spans] == [50]
    assert find_quote(SOURCES["trak"], "24", where=HERE).spans[0].line == 46


@given(st.data())
def test_any_words_of_a_contract_are_found_in_it(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sorted(SOURCES.values(), key=lambda s: len(s.text))))
    words = source.text.split()
    start = data.draw(st.integers(0, len(words) - 1))
    quote = " ".join(words[start : start + data.draw(st.integers(1, 40))])
    found = find_quote(source, quote, where=HERE)
    spans = found.spans or tuple(span for span, _ in found.problems[0].related)
    assert len(spans) == source_count(source, quote) >= 1
    assert all(fold(span.text) == fold(quote) for span in spans)
    assert find_quote(source, quote, where=HERE, all_of=len(spans)).spans == spans


def source_count(source: Source, quote: str) -> int:
    """Counted in another way: positions in the folded text where the words stand uncut."""
    whole, part = fold(source.text), fold(quote)
    starts = [n for n in range(len(whole)) if whole.startswith(part, n)]
    cut = [
        n for n in starts
        if (part[0].isalnum() and whole[n - 1 : n].isalnum())
        or (part[-1].isalnum() and whole[n + len(part) : n + len(part) + 1].isalnum())
    ]
    return len(starts) - len(cut)


@given(st.text())
def test_folding_twice_is_folding_once(words: str) -> None:
    assert fold(fold(words)) == fold(words)


# Sentences.

PROSE = st.text(alphabet=st.sampled_from("aAbT1. .\n\n•-()\"“”’,;:!?\u00a0\t") | st.characters(codec="utf-8"))


def assert_each_letter_once(source: Source) -> None:
    held = [0] * len(source.text)
    spans = sentences(source)
    for span in spans:
        assert fold(span.text[0]) and fold(span.text[-1]), "no blank at either end"
        for offset in range(span.start, span.end):
            held[offset] += 1
    assert all(held[n] == 1 for n, letter in enumerate(source.text) if letter.isalnum())
    assert all(any(letter.isalnum() for letter in span.text) for span in spans)
    assert list(spans) == sorted(spans, key=lambda span: span.start)


@pytest.mark.parametrize("name", SOURCES)
def test_each_letter_of_a_contract_is_in_exactly_one_sentence(name: str) -> None:
    assert_each_letter_once(SOURCES[name])


@given(PROSE)
def test_each_letter_of_any_text_is_in_exactly_one_sentence(words: str) -> None:
    assert_each_letter_once(text(words))


def test_the_contracts_have_so_many_sentences() -> None:
    counts = {name: len(sentences(source)) for name, source in SOURCES.items()}
    assert counts == {"collabware": 174, "copiun": 34, "cpi": 42, "trak": 40}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("One! “Two?” (Three.) Four", ["One!", "“Two?”", "(Three.)", "Four"]),
        ("1.1 Purpose. The purpose is this.", ["1.1 Purpose.", "The purpose is this."]),
        ("Releases (i.e. 3.0, 4.0 etc.) come.", ["Releases (i.e. 3.0, 4.0 etc.) come."]),
        ("Ask (e.g., Mr. Smith). Wait.", ["Ask (e.g., Mr. Smith).", "Wait."]),
        ("From 6:00 a.m. to 6:00 p.m. Pacific Time.", ["From 6:00 a.m. to 6:00 p.m. Pacific Time."]),
        ("Until 6 p.m. The desk then closes.", ["Until 6 p.m.", "The desk then closes."]),
        ("Holidays of the U.S. Government. End.", ["Holidays of the U.S. Government.", "End."]),
        ("It is so in the U.S. Otherwise not.", ["It is so in the U.S.", "Otherwise not."]),
        ("Tel.:       855-268-0442", ["Tel.: 855-268-0442"]),
        ("Call 800.999.0197. It rings.", ["Call 800.999.0197.", "It rings."]),
        ("See No. 5 above. No. That is all.", ["See No. 5 above.", "No.", "That is all."]),
        ("will: (a) work; or, (b) agree.", ["will: (a) work; or, (b) agree."]),
        ("  • First\n  • Second", ["First", "Second"]),
        ("a.   Knowledge Base\nb.   Help", ["a. Knowledge Base", "b. Help"]),
        ("Heading\n\nText that goes\non. 24 more.", ["Heading", "Text that goes on.", "24 more."]),
        ("Cell\n4\n8", ["Cell", "4", "8"]),
        ("—\n•\n...\n", []),
        ("", []),
    ],
)
def test_where_a_sentence_ends(words: str, expected: list[str]) -> None:
    assert said(text(words)) == expected


def test_a_very_long_text_is_cut_in_linear_time() -> None:
    assert len(sentences(text("so it goes\n" * 100_000))) == 1
    assert len(sentences(text("So it goes. " * 100_000))) == 100_000


# The ledger.


def cite(source: Source, words: str, kind: Status, by: str) -> Cited:
    start = source.text.index(words)
    return Cited(Span(source, start, start + len(words)), kind, by)


def test_a_contract_that_nobody_quotes_is_missing() -> None:
    ledger = coverage(SOURCES["trak"], [])
    assert ledger.percent == 0.0
    assert ledger.counts == {
        Status.ENCODED: 0, Status.INFORMATION: 0, Status.NOT_ENCODED: 0, Status.MISSING: 40
    }
    assert ledger.rows[1].uncovered == "Support Response and Resolution"


def test_a_contract_quoted_whole_is_accounted_for() -> None:
    for source in SOURCES.values():
        whole = Cited(Span(source, 0, len(source.text)), Status.INFORMATION, "remark")
        assert coverage(source, [whole]).percent == 100.0


def test_the_strongest_kind_is_shown_and_everyone_who_quotes_it() -> None:
    source = text("We answer soon. We like tea. Nobody pays.\n• Heading")
    ledger = coverage(source, [
        cite(source, "We answer soon", Status.NOT_ENCODED, "left out"),
        cite(source, "answer", Status.ENCODED, "duty respond"),
        cite(source, "answer soon", Status.ENCODED, "duty respond"),
        cite(source, "We like tea. Nobody", Status.INFORMATION, "remark"),
        cite(source, "Heading", Status.NOT_ENCODED, "left out"),
    ])
    assert [(row.span.text, row.status, row.by, row.uncovered) for row in ledger.rows] == [
        ("We answer soon.", Status.ENCODED, ("left out", "duty respond"), ""),
        ("We like tea.", Status.INFORMATION, ("remark",), ""),
        ("Nobody pays.", Status.MISSING, ("remark",), "pays"),
        ("Heading", Status.NOT_ENCODED, ("left out",), ""),
    ]
    assert ledger.percent == 75.0


def test_the_words_left_over_are_shown_with_their_neighbours() -> None:
    source = text("Trak’s staff, if asked, shall answer at once.")
    (row,) = coverage(source, [cite(source, "if asked", Status.ENCODED, "duty"),
                               cite(source, "answer", Status.ENCODED, "duty")]).rows
    assert row.uncovered == "Trak’s staff … shall … at once"


def test_half_a_word_is_not_covered() -> None:
    source = text("unauthorized")
    (row,) = coverage(source, [cite(source, "authorized", Status.ENCODED, "duty")]).rows
    assert (row.status, row.uncovered) == (Status.MISSING, "unauthorized")


def test_a_quotation_of_marks_alone_names_nobody() -> None:
    source = text("One … two.")
    (row,) = coverage(source, [cite(source, " … ", Status.ENCODED, "duty")]).rows
    assert (row.by, row.uncovered) == ((), "One … two")


def test_percent_is_never_rounded_up_to_all() -> None:
    source = text("Yes. " * 1999 + "No!")
    ledger = coverage(source, [Cited(Span(source, 0, 1999 * 5), Status.ENCODED, "duty")])
    assert ledger.percent == 99.9
    assert coverage(text("…"), []) == Ledger(())
    assert Ledger(()).percent == 100.0


@given(st.data())
def test_a_sentence_is_missing_exactly_while_a_word_is_uncovered(data: st.DataObject) -> None:
    source = SOURCES["copiun"]
    ends = st.integers(0, len(source.text))
    spans = data.draw(st.lists(st.tuples(ends, ends).map(sorted), max_size=6))
    ledger = coverage(source, [Cited(Span(source, a, b), Status.ENCODED, "duty") for a, b in spans])
    held = {n for a, b in spans for n in range(a, b)}
    for row in ledger.rows:
        letters = {n for n in range(row.span.start, row.span.end) if source.text[n].isalnum()}
        assert (row.status is Status.MISSING) == bool(letters - held) == bool(row.uncovered)
        assert not re.search(r"\s\s", row.uncovered)
