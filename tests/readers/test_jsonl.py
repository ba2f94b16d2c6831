"""JSON lines: what is sound becomes events exactly, what is not is listed with its line and cause."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.model.event import Event
from slarules.readers import CODES, Reading, Rejected, RejectsFile, Tally, read_events
from slarules.readers.jsonl import json_events

EIGHT = 1_772_438_400_000_000
SOUND = {"id": "e1", "subject": "T1", "type": "opened", "at": "2026-03-02T08:00:00Z"}


def reading(tmp_path: Path, content: str | bytes, strict: bool = False) -> Reading:
    path = tmp_path / "events.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_events(path, strict=strict)


def entries(content: str | bytes, strict: bool = False) -> list[Event | Rejected]:
    raw = content if isinstance(content, bytes) else content.encode()
    return list(json_events(io.BytesIO(raw), Tally(), strict))


def event(**fields: Any) -> Event:
    (found,) = entries(json.dumps({**SOUND, **fields}))
    assert isinstance(found, Event), found
    return found


def refusal(content: str | bytes, strict: bool = False) -> tuple[str, str]:
    (found,) = entries(content, strict)
    assert isinstance(found, Rejected), found
    assert found.line == 1
    assert found.code in CODES
    assert len(found.excerpt) <= 200
    return found.code, found.cause


def sound(**fields: Any) -> str:
    return json.dumps({**SOUND, **fields})


def test_a_line_is_an_event() -> None:
    found = event(
        source="desk-2", actor="provider", agreement="A1", kind="ticket", target="e0", sequence=7,
        recorded_at="2026-03-02T09:00:00+01:00", facts={"severity": 2, "hours": 1.50, "site": "Rome"},
    )
    assert found == Event(
        id="e1", subject="T1", type="opened", at=EIGHT, actor="provider", agreement="A1", kind="ticket",
        facts={"severity": 2, "hours": Decimal("1.5"), "site": "Rome"}, source="desk-2", sequence=7,
        recorded_at=EIGHT, target="e0",
    )


def test_what_is_left_out_is_unknown() -> None:
    assert event() == Event(id="e1", subject="T1", type="opened", at=EIGHT)
    assert event(actor=None, facts=None, seq=None, recorded_at=None, source=None) == event()


def test_numbers_are_exact() -> None:
    (found,) = entries('{"id":1,"subject":2,"type":"opened","at":"2026-03-02T08:00:00Z",'
                       '"facts":{"a":0.10,"b":10000000000000000000001,"c":1e3,"d":-0,"e":true,"f":null}}')
    assert isinstance(found, Event)
    assert (found.id, found.subject) == ("1", "2")
    assert repr(found.facts["a"]) == "Decimal('0.10')"
    assert found.facts == {
        "a": Decimal("0.10"), "b": 10**22 + 1, "c": Decimal(1000), "d": 0, "e": True, "f": None
    }
    assert not any(isinstance(value, float) for value in found.facts.values())


def test_lists_become_tuples_and_objects_are_spelt_out() -> None:
    assert event(facts={"steps": ["a", ["b"]], "who": {"name": "x", "at": {"site": 1}}}).facts == {
        "steps": ("a", ("b",)), "who.name": "x", "who.at.site": 1
    }


def test_blank_lines_and_a_byte_order_mark_are_nothing(tmp_path: Path) -> None:
    found = reading(tmp_path, b"\xef\xbb\xbf" + sound().encode() + b"\r\n\n  \n" + sound(id="e2").encode())
    assert [entry.id for entry in found.events()] == ["e1", "e2"]
    assert (found.tally.rows, found.tally.events) == (2, 2)


@pytest.mark.parametrize(
    ("line", "code", "part"),
    [
        (sound(at="2026-03-02T08:00:00"), "E0632", "`at`: `2026-03-02T08:00:00` names no zone"),
        (sound(at="2026-03-02T08:00:60Z"), "E0631", "has second 60"),
        (sound(at="2026-03-02T08:00:00.1234567Z"), "E0631", "7 fractional digits"),
        (sound(at="0001-01-01T00:00:00Z"), "E0631", "outside 1970 to 2200"),
        (sound(at=1772438400), "E0631", "is not a time"),
        (sound(recorded_at="soon"), "E0631", "`recorded_at`: `soon`"),
        ('{"id":"a","id":"b"}', "E0623", "the key `id` is given twice"),
        (sound()[:-1] + ',"facts":{"a":1,"a":1}}', "E0623", "the key `a` is given twice"),
        (sound(sequence=1, seq=1), "E0623", "`seq` and `sequence` are both given"),
        (sound(severity=1, facts={"severity": 2}), "E0623", "`severity` stands beside `facts` and in it"),
        (sound()[:-1] + ',"facts":{"a":NaN}}', "E0624", "`NaN` is not a number"),
        (sound()[:-1] + ',"facts":{"a":-Infinity}}', "E0624", "`-Infinity` is not a number"),
        (sound()[:-1] + ',"facts":{"a":1e999}}', "E0624", "`1e999` is not a number that can be kept"),
        (sound()[:-1] + ',"facts":{"a":1e-999}}', "E0624", "`1e-999`"),
        (sound()[:-1] + f',"facts":{{"a":{"9" * 5000}}}}}', "E0624", "is not a number that can be kept"),
        (sound()[:-1], "E0621", "the last line is cut off"),
        (sound()[:30], "E0621", "the last line is cut off"),
        (sound()[:-1] + "\n", "E0621", "not JSON at column"),
        ('{"id": "1"\n', "E0621", "not JSON at column 11: expecting ',' delimiter"),
        ('{"id": "1\r\n', "E0621", "not JSON at column 10: invalid control character"),
        ("not json at all\n", "E0621", "not JSON at column 1"),
        (sound() + sound(), "E0621", "extra data"),
        ("[" * 100_000, "E0621", "nests deeper"),
        (sound(id="\ud800"), "E0621", "half a character"),
        ('["a"]', "E0622", "not an object"),
        ('"text"', "E0622", "not an object"),
        ("null", "E0622", "not an object"),
        (b'{"id":"\xe9"}', "E0620", "byte 8 of the line, 0xe9, is not UTF-8"),
        (sound(id=""), "E0626", "`id` is empty"),
        (sound(subject=None), "E0626", "`subject` is missing"),
        (sound(subject=["T1"]), "E0627", "`subject` is not text"),
        (sound(id=True), "E0627", "`id` is not text"),
        (sound(facts=[1]), "E0627", "`facts` is not an object"),
        (sound(facts={"a": [{"b": 1}]}), "E0627", "the fact `a`"),
        (sound(sequence=1 << 63), "E0624", "the count `9223372036854775808` is too large to be kept"),
        (sound(seq=-(10**30)), "E0624", "is too large to be kept"),
        (sound(sequence="x"), "E0627", "`sequence` is not a whole number"),
        (sound(sequence="²"), "E0627", "`sequence` is not a whole number"),
        (sound(sequence="1" * 19), "E0627", "`sequence` is not a whole number"),
        (sound(sequence=1.5), "E0627", "`sequence` is not a whole number"),
        (sound(sequence=True), "E0627", "`sequence` is not a whole number"),
    ],
)
def test_bad_lines(line: str | bytes, code: str, part: str) -> None:
    found = refusal(line)
    assert found[0] == code
    assert part in found[1]


@pytest.mark.parametrize("key", ["id", "subject", "type", "at"])
def test_a_field_that_is_needed_is_missing(key: str) -> None:
    rest = {name: value for name, value in SOUND.items() if name != key}
    assert refusal(json.dumps(rest)) == ("E0626", f"`{key}` is missing")


def test_an_unknown_field_is_kept_counted_and_under_strict_refused(tmp_path: Path) -> None:
    content = sound(severty=2) + "\n" + sound(id="e2", severty=3) + "\n" + sound(id="e3")
    found = reading(tmp_path, content)
    assert [entry.facts for entry in found.events()] == [{"severty": 2}, {"severty": 3}, {}]
    assert found.tally.unknown_fields == {"severty": 2}
    assert refusal(sound(recorded="x"), strict=True) == (
        "E0628", "the field `recorded` is not known: did you mean `recorded_at`?"
    )
    assert refusal(sound(hue="x"), strict=True) == (
        "E0628", "the field `hue` is not known: facts belong into `facts`"
    )


def test_a_bad_line_does_not_stop_the_rest_and_is_listed(tmp_path: Path) -> None:
    found = reading(tmp_path, f"{sound()}\noops\n{sound(id='e2')}\n{sound(id='e3')[:40]}")
    rejects = tmp_path / "rejects.jsonl"
    with RejectsFile(rejects) as file:
        assert [entry.id for entry in found.events(file)] == ["e1", "e2"]
    assert (found.tally.rows, found.tally.events, dict(found.tally.rejected)) == (4, 2, {"E0621": 2})
    listed = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert [(entry["line"], entry["code"], entry["excerpt"]) for entry in listed] == [
        (2, "E0621", "oops"), (4, "E0621", sound(id="e3")[:40])
    ]
    assert listed[1]["cause"] == "the last line is cut off"


def test_without_anything_set_aside_there_is_no_rejects_file(tmp_path: Path) -> None:
    with RejectsFile(tmp_path / "rejects.jsonl") as file:
        assert len(list(reading(tmp_path, sound()).events(file))) == 1
    assert not (tmp_path / "rejects.jsonl").exists()


class _Endless(io.RawIOBase):
    """A file with one line of a gigabyte before a sound one, which never exists as a whole."""

    def __init__(self, size: int, after: bytes) -> None:
        self._left, self._after, self.asked = size, after, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.asked = max(self.asked, len(buffer))
        given = min(len(buffer), self._left)
        if given:
            buffer[:given] = b"a" * given
            self._left -= given
            return given
        rest = self._after[: len(buffer)]
        buffer[: len(rest)] = rest
        self._after = self._after[len(rest) :]
        return len(rest)


def test_a_line_of_a_gigabyte_is_skipped_without_being_held() -> None:
    raw = _Endless(1 << 30, b"\n" + sound().encode())
    first, second = json_events(io.BufferedReader(raw), Tally())
    assert isinstance(first, Rejected)
    assert (first.line, first.code) == (1, "E0625")
    assert len(first.excerpt) <= 200
    assert isinstance(second, Event)
    assert raw.asked <= 1 << 21


def test_a_long_line_just_fits_or_just_does_not() -> None:
    frame = len(sound(facts={"note": ""})) + 1
    fits = sound(facts={"note": "x" * (1_000_000 - frame)}) + "\n"
    assert isinstance(entries(fits)[0], Event)
    assert refusal(fits.replace("x", "xx", 1))[0] == "E0625"


@given(st.binary(max_size=200))
def test_any_bytes_give_events_or_rejects_and_never_an_exception(raw: bytes) -> None:
    for entry in entries(raw + b"\n" + sound().encode()):
        assert isinstance(entry, Event | Rejected)


@given(st.dictionaries(
    st.sampled_from([*SOUND, "facts", "seq", "sequence", "data", "specversion", "time", "actor", "x"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=4,
    ),
))
def test_any_object_gives_an_event_or_a_reject(fields: dict[str, Any]) -> None:
    for line in (json.dumps(fields), json.dumps({**SOUND, **fields})):
        (entry,) = entries(line)
        assert isinstance(entry, Event | Rejected)


# CloudEvents.

CLOUD = {
    "specversion": "1.0", "id": "c1", "source": "/desk/rome", "type": "com.example.ticket.opened",
    "subject": "T1", "time": "2026-03-02T08:00:00Z",
}


def test_a_cloud_event_is_an_event() -> None:
    line = json.dumps({
        **CLOUD, "datacontenttype": "application/json", "recordedtime": "2026-03-02T08:00:00Z",
        "sequence": "0012", "sequencetype": "Integer",
        "data": {"severity": 2, "actor": "customer", "facts": {"channel": "email"}, "agreement": "A1"},
    })
    tally = Tally()
    (found,) = json_events(io.BytesIO(line.encode()), tally)
    assert found == Event(
        id="c1", subject="T1", type="opened", at=EIGHT, actor="customer", source="/desk/rome", sequence=12,
        facts={"channel": "email", "severity": 2}, recorded_at=EIGHT, agreement="A1",
    )
    assert not tally.unknown_fields


def test_an_extension_attribute_that_nobody_knows_is_kept() -> None:
    tally = Tally()
    (found,) = json_events(io.BytesIO(json.dumps({**CLOUD, "region": "north"}).encode()), tally)
    assert isinstance(found, Event)
    assert found.facts == {"region": "north"}
    assert tally.unknown_fields == {"region": 1}


@pytest.mark.parametrize(
    ("fields", "code", "part"),
    [
        ({"specversion": "0.3"}, "E0627", "`specversion` is `0.3`"),
        ({"data": "text"}, "E0627", "`data` is not a JSON object"),
        ({"data_base64": "AAAA"}, "E0627", "`data` is not a JSON object"),
        ({"data": {"facts": 1}}, "E0627", "`facts` is not an object"),
        ({"data": {"facts": {"a": 1}, "a": 2}}, "E0623", "`a` stands beside `facts`"),
        ({"sequence": 1, "data": {"sequence": 2}}, "E0623", "stands in the envelope and in `data`"),
        ({"time": None}, "E0626", "`at` is missing"),
        ({"subject": None}, "E0626", "`subject` is missing"),
    ],
)
def test_bad_cloud_events(fields: dict[str, Any], code: str, part: str) -> None:
    found = refusal(json.dumps({**CLOUD, **fields}))
    assert found[0] == code
    assert part in found[1]
