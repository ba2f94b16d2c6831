"""Tables as they come: every layout of the same events is judged alike, and what is no log is told in words."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from attrs import evolve

from slarules.calendars.zones import BEGINNING, END
from slarules.columnar.judging import judge
from slarules.columnar.log.columns import BadTable, checked, events_of, table_of
from slarules.engine.evaluate import evaluate
from slarules.model.contract import Contract
from slarules.model.event import Event
from tests.same.cases import Case
from tests.same.comparing import differences
from tests.same.implementations import reference, seen_of
from tests.same.random_logs import random_log
from tests.same.random_policies import random_policy

UTC = pa.timestamp("us", tz="UTC")
AT = 1_750_000_000_000_000
HOUR = 3_600_000_000


@pytest.fixture(scope="module")
def case() -> Case:
    """A log with sources, sequences, doubles, corrections, and facts of every kind."""
    rng = random.Random(5)
    policy = random_policy(rng, plain=0.2)
    drawn = random_log(rng, policy.contract, AT, 25, odd=1.0)
    return Case("columns", policy.text, policy.contract, drawn.events, AT)


def alike(case: Case, table: pa.Table) -> None:
    judged = judge(case.contract, case.readings, table, case.as_of)
    assert differences(reference(case), seen_of(judged, case)) == []


def put(table: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    place = table.column_names.index(name) if name in table.column_names else None
    return table.append_column(name, column) if place is None else table.set_column(place, name, column)


# ---- Layouts of the same events --------------------------------------------------------------------------------------


def _chunked(table: pa.Table) -> pa.Table:
    return pa.concat_tables([table.slice(n, 7) for n in range(0, len(table), 7)])


def _each_chunk_its_own_codes(table: pa.Table) -> pa.Table:
    """Pieces whose dictionaries hold other words in another order."""
    pieces = []
    for start in range(0, len(table), 11):
        piece = table.slice(start, 11)
        for name in piece.column_names:
            if pa.types.is_dictionary(piece.schema.field(name).type):
                plain = piece[name].combine_chunks().cast(pa.string())
                piece = put(
                    piece, name, pa.concat_arrays([plain.take(pa.array(range(len(plain))))]).dictionary_encode()
                )
        pieces.append(piece)
    return pa.concat_tables(pieces)


def _empty_chunks(table: pa.Table) -> pa.Table:
    return pa.concat_tables(
        [table.slice(0, 0), table.slice(0, 5), table.slice(5, 0), table.slice(5), table.slice(0, 0)]
    )


def _sliced(table: pa.Table) -> pa.Table:
    """A window of a larger table, so that every buffer begins elsewhere."""
    return pa.concat_tables([table, table, table]).combine_chunks().slice(len(table), len(table))


def _plain_text(table: pa.Table) -> pa.Table:
    for name in table.column_names:
        if pa.types.is_dictionary(table.schema.field(name).type):
            table = put(table, name, table[name].cast(pa.string()))
    return table


def _large_text(table: pa.Table) -> pa.Table:
    for name in ("id", "subject", "type", "actor"):
        table = put(table, name, table[name].cast(pa.string()).cast(pa.large_string()))
    return table


def _viewed_text(table: pa.Table) -> pa.Table:
    for name in ("subject", "type"):
        table = put(table, name, table[name].combine_chunks().cast(pa.string()).cast(pa.string_view()))
    return table


def _unused_words(table: pa.Table) -> pa.Table:
    """Dictionaries with words that no row has, doubled words, and a null among the words."""
    for name in ("subject", "type", "actor", "source"):
        texts = table[name].combine_chunks().cast(pa.string())
        words = ["nobody", *sorted(set(texts.drop_null().to_pylist())), None, "nobody", "nowhere"]
        codes = [None if text is None else words.index(text) for text in texts.to_pylist()]
        table = put(table, name, pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(words)))
    return table


def _doubled_words(table: pa.Table) -> pa.Table:
    """The same word under two codes."""
    for name in ("subject", "type"):
        texts = table[name].combine_chunks().cast(pa.string()).to_pylist()
        words = sorted(set(texts)) * 2
        codes = [words.index(text) + (len(words) // 2) * (n % 2) for n, text in enumerate(texts)]
        table = put(table, name, pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(words)))
    return table


def _null_by_its_word(table: pa.Table) -> pa.Table:
    """A missing actor as a code whose word is null."""
    texts = table["actor"].combine_chunks().cast(pa.string()).to_pylist()
    words = [None, *sorted({text for text in texts if text is not None})]
    codes = pa.array([words.index(text) for text in texts], pa.int8())
    return put(table, "actor", pa.DictionaryArray.from_arrays(codes, pa.array(words, pa.string())))


def _other_integers(table: pa.Table) -> pa.Table:
    return put(table, "sequence", table["sequence"].cast(pa.int32()))


def _other_times(table: pa.Table) -> pa.Table:
    """The same instants in nanoseconds, and in another zone."""
    table = put(table, "at", table["at"].cast(pa.timestamp("ns", tz="Asia/Kolkata")))
    return put(table, "recorded_at", table["recorded_at"].cast(pa.timestamp("us", tz="America/Denver")))


def _nulls_of_no_type(table: pa.Table) -> pa.Table:
    for name in ("agreement", "kind", "target", "recorded_at", "sequence"):
        if table[name].null_count == len(table):
            table = put(table, name, pa.nulls(len(table)))
    return put(table, "nobody_recorded_this", pa.nulls(len(table)))


def _without_empty_columns(table: pa.Table) -> pa.Table:
    return table.select([name for name in table.column_names if table[name].null_count < len(table) or name == "id"])


def _other_order(table: pa.Table) -> pa.Table:
    return table.select(list(reversed(table.column_names)))


def _source_left_out(table: pa.Table) -> pa.Table:
    """`desk` is what an event without a source comes from."""
    texts = [None if text == "desk" else text for text in table["source"].to_pylist()]
    return put(table, "source", pa.array(texts, pa.string()))


LAYOUTS: tuple[Callable[[pa.Table], pa.Table], ...] = (
    *(_chunked, _each_chunk_its_own_codes, _empty_chunks, _sliced, _plain_text, _large_text, _viewed_text),
    *(_unused_words, _doubled_words, _null_by_its_word, _other_integers, _other_times, _nulls_of_no_type),
    *(_without_empty_columns, _source_left_out),
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__.strip("_"))
def test_every_layout_is_judged_alike(layout: Callable[[pa.Table], pa.Table], case: Case) -> None:
    alike(case, layout(table_of(case.events)))


def test_all_layouts_at_once(case: Case) -> None:
    table = table_of(case.events)
    for layout in (_plain_text, _unused_words, _other_times, _sliced):
        table = layout(table)
    alike(case, table)


def test_facts_as_text_and_facts_as_columns(case: Case) -> None:
    """Each fact as JSON text, where it was a column."""
    table = table_of(case.events)
    strange = table_of([evolve(e, facts={**e.facts, "facts": Decimal("1.0")}) for e in case.events])
    assert "facts" in strange.column_names
    texts = strange["facts"].to_pylist()
    assert all(text is not None for text in texts)
    again = [
        evolve(e, facts={name: value for name, value in e.facts.items() if name != "facts"})
        for e in events_of(checked(strange))
    ]
    assert again == list(case.events)
    assert [e.facts for e in again] == [e.facts for e in events_of(checked(table))]


def test_unsorted_rows(case: Case) -> None:
    rows = list(range(len(case.events)))
    random.Random(2).shuffle(rows)
    shuffled = evolve(case, events=tuple(case.events[row] for row in rows))
    alike(shuffled, table_of(case.events).take(pa.array(rows)))


def test_every_row_twice(case: Case) -> None:
    doubled = evolve(case, events=case.events + case.events)
    alike(doubled, pa.concat_tables([table_of(case.events)] * 2))


def test_no_rows(case: Case) -> None:
    empty = evolve(case, events=())
    alike(empty, table_of(case.events).slice(0, 0))
    alike(empty, table_of([]))


def test_only_what_is_needed(case: Case) -> None:
    events = tuple(Event(e.id, e.subject, e.type, e.at) for e in case.events)
    alike(evolve(case, events=events), table_of(case.events).select(["id", "subject", "type", "at"]))


def test_times_at_the_ends_of_the_calendars(columns: Contract) -> None:
    facts = {"severity": 1, "urgent": True}
    events = [
        Event(str(at), f"T{at}", "opened", at, "Client", facts)
        for at in (BEGINNING, BEGINNING + 1, AT, END - HOUR, END - 1, END)
    ]
    for as_of in (BEGINNING, AT + 2 * HOUR, END - 1, END):
        alike(Case("ends", POLICY, columns, tuple(events), as_of), table_of(events))


def test_names_that_are_odd(case: Case) -> None:
    """Subjects and ids that are empty, long, in other scripts, or alike up to a blank."""
    names = ["", " ", "T", "T ", "Ticket-\U0001f600", "é", "e\u0301", "x" * 5000, "a\x00b", "a\x00c", "null", "None"]
    events = tuple(
        Event(f"{name}{kind}", name, kind, AT - (3 - n) * HOUR, "Desk" if n else "Client")
        for name in names
        for n, kind in enumerate(("opened", "acknowledged", "resolved"))
    )
    alike(evolve(case, events=events), table_of(events))


# ---- What no log is -------------------------------------------------------------------------------------------------

WRONG: dict[str, tuple[Callable[[pa.Table], pa.Table], str]] = {
    "no id": (lambda t: t.drop_columns(["id"]), "no column `id`"),
    "no subject": (lambda t: t.drop_columns(["subject"]), "no column `subject`"),
    "no type": (lambda t: t.rename_columns({"type": "typ"}), "is it `typ`?"),
    "no at": (lambda t: t.drop_columns(["at"]), "no column `at`"),
    "no columns": (lambda t: pa.table({}), "no column `id`"),
    "at in seconds as numbers": (lambda t: put(t, "at", t["at"].cast(pa.int64())), "a timestamp with its zone"),
    "at as text": (lambda t: put(t, "at", t["at"].cast(pa.string())), "a timestamp with its zone"),
    "at as dates": (lambda t: put(t, "at", t["at"].cast(pa.date32())), "a timestamp with its zone"),
    "at without a zone": (lambda t: put(t, "at", t["at"].cast(pa.timestamp("us"))), "without a zone"),
    "milliseconds taken for microseconds": (
        lambda t: put(t, "at", pc.multiply(t["at"].cast(pa.int64()), 1000).cast(UTC)),
        "is its unit right?",
    ),
    "microseconds taken for seconds": (
        lambda t: put(t, "at", t["at"].cast(pa.int64()).cast(pa.timestamp("s", tz="UTC"))),
        "`at`",
    ),
    "finer than a microsecond": (
        lambda t: put(
            t, "at", pc.add(pc.multiply(t["at"].cast(pa.int64()), 1000), 1).cast(pa.timestamp("ns", tz="UTC"))
        ),
        "finer than a microsecond",
    ),
    "before 1970": (
        lambda t: put(t, "at", pa.array([BEGINNING - 1] * len(t), UTC)),
        "row 1: `at` is not in 1970 to 2200",
    ),
    "after 2200": (lambda t: put(t, "at", pa.array([END + 1] * len(t), UTC)), "row 1: `at` is not in 1970 to 2200"),
    "the least number there is": (lambda t: put(t, "at", pa.array([-(1 << 63)] * len(t), UTC)), "row 1: `at`"),
    "one time out of range": (
        lambda t: put(t, "at", pa.array([*t["at"].cast(pa.int64()).to_pylist()[:-1], 1 << 62], UTC)),
        "`at` is not in 1970 to 2200",
    ),
    "recorded out of range": (
        lambda t: put(t, "recorded_at", pa.array([None] * (len(t) - 1) + [1 << 62], UTC)),
        "`recorded_at` is not in 1970 to 2200",
    ),
    "null id": (lambda t: put(t, "id", pa.array([None, *t["id"].to_pylist()[1:]])), "row 1: `id` is null"),
    "null at": (lambda t: put(t, "at", pa.array([*t["at"].to_pylist()[:-1], None], UTC)), "`at` is null"),
    "null subject": (lambda t: put(t, "subject", pa.nulls(len(t))), "row 1: `subject` is null"),
    "null type by its word": (
        lambda t: put(
            t, "type", pa.DictionaryArray.from_arrays(pa.array([0] * len(t), pa.int32()), pa.array([None], pa.string()))
        ),
        "row 1: `type` is null",
    ),
    "subjects as numbers": (lambda t: put(t, "subject", pa.array(range(len(t)))), "`subject` is of type int64"),
    "types as codes": (lambda t: put(t, "type", pa.array([1] * len(t), pa.int8())), "`type` is of type int8"),
    "actor as yes or no": (lambda t: put(t, "actor", pa.array([True] * len(t))), "`actor` is of type bool"),
    "sequence as text": (lambda t: put(t, "sequence", pa.array(["1"] * len(t))), "whole numbers are wanted"),
    "sequence with a fraction": (lambda t: put(t, "sequence", pa.array([1.5] * len(t))), "whole numbers are wanted"),
    "sequence too large": (lambda t: put(t, "sequence", pa.array([1 << 63] * len(t), pa.uint64())), "too large"),
    "a column twice": (lambda t: pa.table([*t.columns, t["at"]], names=[*t.column_names, "at"]), "`at` twice"),
    "facts that are no object": (lambda t: put(t, "facts", pa.array(["[1]"] * len(t))), "row 1: `facts`"),
    "facts that are no JSON": (lambda t: put(t, "facts", pa.array(["{"] * len(t))), "row 1: `facts`"),
    "a fact of bytes": (lambda t: put(t, "urgent", pa.array([b"x"] * len(t))), "which no fact can be"),
    "a fact of structs": (lambda t: put(t, "urgent", pa.array([{"a": 1}] * len(t))), "which no fact can be"),
    "a fact of time": (lambda t: put(t, "urgent", pa.array([1] * len(t), pa.duration("us"))), "which no fact can be"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_log_is_told(wrong: str, case: Case) -> None:
    change, told = WRONG[wrong]
    table = change(table_of(case.events))
    with pytest.raises(BadTable) as raised:
        judge(case.contract, case.readings, table, case.as_of)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


# ---- Facts as columns of every type --------------------------------------------------------------------------------

FACTS: dict[str, tuple[str, pa.Array]] = {
    "decimals": ("users", pa.array([Decimal("12.50"), None, Decimal("3")], pa.decimal128(9, 2))),
    "wide decimals": ("users", pa.array([Decimal("12.50"), None, Decimal("-3")], pa.decimal256(50, 2))),
    "floats": ("users", pa.array([12.5, None, 0.1])),
    "float32": ("effort", pa.array([12.5, None, 3.0], pa.float32())),
    "floats that are no number": ("users", pa.array([float("nan"), float("inf"), 1.0])),
    "integers": ("effort", pa.array([12, None, 3], pa.int16())),
    "unsigned": ("users", pa.array([12, None, 3], pa.uint8())),
    "yes or no": ("urgent", pa.array([True, None, False])),
    "yes or no as numbers": ("urgent", pa.array([1, None, 0])),
    "words": ("channel", pa.array(["email", None, "web"])),
    "other words": ("channel", pa.array(["Email", "", "pigeon"])),
    "dates": ("agreed_date", pa.array([20300, None, 20301], pa.date32())),
    "dates as text": ("agreed_date", pa.array(["2025-06-20", None, "20 June"])),
    "lists of text": ("agreed_times", pa.array([["2025-06-16", "2025-06-18"], None, []])),
    "lists of dates": ("agreed_times", pa.array([[20255, 20257], None, []], pa.list_(pa.date32()))),
    "large lists": ("agreed_times", pa.array([["2025-06-16"], None, ["x"]], pa.large_list(pa.string()))),
    "money as text": ("price", pa.array(["100.00 USD", None, "100 EUR"])),
    "money as decimals": ("price", pa.array([Decimal("100.01"), None, Decimal("1")], pa.decimal128(9, 2))),
    "severity as numbers": ("severity", pa.array([1, None, 9])),
    "severity as floats": ("severity", pa.array([1.0, None, 2.0])),
    "severity as words": ("severity", pa.array(["1", None, " 2 "])),
    "automatic as text": ("automatic", pa.array(["yes", None, "FALSE"])),
    "unknown fact": ("shoe_size", pa.array([44, None, 45])),
}
POLICY = """slarules 1

contract Columns "columns"
  provider Desk
  customer Client
  zone UTC

fact channel of ticket: one of email, web
fact urgent of ticket: yes or no
fact users of ticket: number
fact effort of ticket: hours
fact price of ticket: money in USD
fact agreed_date of ticket: date
fact agreed_times of ticket: list of dates

severities 1, 2

table times by severity
  | severity | time  |
  | 1        | 1 hour |
  | 2        | 2 hours |

duty respond
  when ticket opened
  if channel is email or urgent or users is more than 3 or effort is more than 4 hours or price is more than 100 USD
  Desk must respond within time
  performed when ticket responded by Desk and not automatic
  on severity change keep the deadline

duty fix
  when ticket opened
  Desk must resolve ticket by the end of agreed_date
  on reopening run on

duty meet
  when ticket opened
  Desk must ask on each of agreed_times
"""


@pytest.fixture(scope="module")
def columns() -> Contract:
    from tests.same.cases import contract_of

    contract, wrong = contract_of(POLICY)
    assert contract is not None, wrong
    return contract


@pytest.mark.parametrize("layout", [lambda c: c, lambda c: c.dictionary_encode()], ids=["plain", "coded"])
@pytest.mark.parametrize("kind", FACTS)
def test_facts_of_every_type(kind: str, layout: Callable[[pa.Array], pa.Array], columns: Contract) -> None:
    """The events that the table tells of are what the reference judges."""
    name, column = FACTS[kind]
    try:
        column = layout(column)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        pytest.skip("Arrow does not code such a column")
    rows = [("a", "opened", 0), ("b", "opened", 1), ("c", "responded", 2)]
    table = pa.table(
        {
            "id": [id for id, _, _ in rows],
            "subject": ["T1", "T2", "T1"],
            "type": [kind for _, kind, _ in rows],
            "at": pa.array([AT + n * HOUR // 2 for _, _, n in rows], UTC),
            "actor": ["Client", "Client", "Desk"],
            name: column,
        }
    )
    try:
        events = events_of(checked(table))
    except BadTable as wrong:
        assert name in str(wrong)
        return
    for as_of in (AT, AT + HOUR, AT + 100 * HOUR):
        case = Case(kind, POLICY, columns, tuple(events), as_of)
        alike(case, table)


@pytest.mark.parametrize("way", ["disputed", "retracted"])
def test_a_fact_that_nobody_knows_is_told_where_it_stands_first(way: str, columns: Contract) -> None:
    """Not on an event that does not stand: another with its id came before it, or it is retracted."""
    first = Event("a", "T1", "opened", AT, "Client")
    gone = Event("a" if way == "disputed" else "b", "T2", "opened", AT + 1, "Client", {"shoe_size": 44})
    events = [first, gone, Event("c", "T3", "opened", AT + 2, "Client", {"shoe_size": 45})]
    if way == "retracted":
        events += [Event("d", "T1", "retracted", AT + 3, "Desk", target="b")]
    case = Case(way, POLICY, columns, tuple(events), AT + HOUR)
    found = evaluate(columns, None, events, AT + HOUR).findings
    assert [(one.subject, one.event) for one in found if one.code == "unknown_fact"] == [("T3", "c")]
    alike(case, table_of(events))


# ---- One ticket with very many events ------------------------------------------------------------------------------


def _long(columns: Contract, many: int) -> float:
    kinds = ("updated", "waiting", "resumed", "responded")
    events = [Event("e0", "T1", "opened", AT, "Client", {"severity": 1, "urgent": True})]
    events += [
        Event(f"e{n}", "T1", kinds[n % 4], AT + n * 1_000_000, "Desk", {"on": "Client"} if n % 4 == 1 else {})
        for n in range(1, many)
    ]
    table = table_of(events)
    begun = time.process_time()
    judged = judge(columns, None, table, AT + many * 1_000_000)
    spent = time.process_time() - begun
    assert judged.verdicts.num_rows
    return spent


def test_a_ticket_of_many_events_takes_time_in_proportion(columns: Contract) -> None:
    _long(columns, 200)
    few, many = min(_long(columns, 2_000) for _ in range(2)), min(_long(columns, 16_000) for _ in range(2))
    assert many < 20 * few + 0.2


def test_a_ticket_of_many_events_is_judged_alike(columns: Contract) -> None:
    rng = random.Random(9)
    kinds = ("updated", "waiting", "resumed", "responded", "severity_changed", "resolved", "reopened", "asked")
    events, at = [Event("e0", "T1", "opened", AT, "Client", {"severity": 1, "urgent": False})], AT
    for n in range(1, 1500):
        at += rng.choice([0, 1, 1_000_000, HOUR])
        kind = rng.choice(kinds)
        facts = {"waiting": {"on": "Client"}, "severity_changed": {"severity": rng.choice([1, 2])}}.get(kind, {})
        events.append(Event(f"e{n}", "T1", kind, at, rng.choice(["Desk", "Client", None]), facts, sequence=n))
    case = Case("long", POLICY, columns, tuple(events), at)
    alike(case, table_of(events))
    assert evaluate(columns, None, events, at).verdicts
