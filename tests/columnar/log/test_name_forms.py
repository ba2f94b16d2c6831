"""Names of a few forms are the numbers they stand for, exactly: each comes back, and no two are taken for one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slarules.columnar.log import name_forms
from slarules.columnar.log.columns import BadTable
from slarules.columnar.log.name_forms import Forms

BEFORE = st.sampled_from(["", "E", "INC", "PROJ-", "é2", "a" * 9, "x1234567890", "b" * 55, "\n"])


@st.composite
def names(draw: st.DrawFn) -> list[str]:
    kinds = draw(st.lists(st.tuples(BEFORE, st.integers(0, 10)), min_size=1, max_size=3))
    one = st.sampled_from(kinds).flatmap(
        lambda kind: st.text("0123456789", min_size=kind[1], max_size=kind[1]).map(lambda digits: kind[0] + digits)
    )
    return draw(st.lists(one, max_size=20))


@given(names(), st.integers(1, 5))
def test_each_name_comes_back(given_names: list[str], at_once: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(name_forms, "_AT_ONCE", at_once)
        found = Forms()
        numbers = found.numbers(pa.array(["x", *given_names], pa.string())[1:])
        if numbers is None:  # too many digits for all forms together
            assert sum(10 ** len(name) for name in given_names) > 1 << 31
            return
        texts = found.texts(numbers)
    texts.validate(full=True)
    assert texts.to_pylist() == given_names
    assert [found.number_of(name) for name in given_names] == numbers.tolist()
    assert len(set(numbers.tolist())) == len(set(given_names))


@given(st.binary(max_size=20), st.binary(min_size=1, max_size=20))
def test_no_byte_is_taken_for_a_digit(name: bytes, other: bytes) -> None:
    """Whatever bytes stand where the digits of the first name are."""
    name += b"12345678"
    spoilt = name[: -len(other)] + other if len(other) <= len(name) else other
    data = pa.py_buffer(name + spoilt)
    ends = pa.py_buffer(np.array([0, len(name), len(name) + len(spoilt)], np.int32))
    column = pa.Array.from_buffers(pa.string(), 2, [None, ends, data])  # bytes as they are, text or not
    numbers = Forms().numbers(column)
    assert numbers is None or (numbers[0] == numbers[1]) == (name == spoilt)


@pytest.mark.parametrize(
    "wrong",
    [
        [f"{letter}{n}" for n, letter in enumerate("abcdefghijklmnopqrstuvwxyzABCDEFGH")],  # too many forms
        [f"{letter}123456789" for letter in "abc"],  # more numbers than 31 bits hold
        ["x" * 65],
    ],
)
def test_names_that_are_left_as_texts(wrong: list[str]) -> None:
    assert Forms().numbers(pa.array(wrong)) is None


def test_nine_digits_and_what_stands_before_them() -> None:
    found = Forms()
    names = ["20260302000000001", "20260302999999999", "20260302000000000"]
    assert found.numbers(pa.array(names)).tolist() == [1, 999_999_999, 0]
    assert found.number_of("20260303000000001") is None
    assert found.spans(np.array([1, 7, 3], np.int32)) == [(1, 7)]


def test_the_least_and_the_greatest_of_each_form() -> None:
    found = Forms()
    numbers = found.numbers(pa.array(["E07", "E03", "X5", "X9", "E99"]))
    assert found.spans(numbers) == [(3, 99), (105, 109)]
    assert found.spans(numbers[2:4]) == [(105, 109)]


def test_more_text_than_an_array_holds_is_refused_and_not_wrapped_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for given_names in (["E01", "E02"], ["E01", "AB2"]):
        found = Forms()
        numbers = found.numbers(pa.array(given_names))
        monkeypatch.setattr(name_forms, "_TEXT", 6)
        assert found.texts(numbers).to_pylist() == given_names
        monkeypatch.setattr(name_forms, "_TEXT", 5)
        with pytest.raises(BadTable, match="its names come to 6 bytes"):
            found.texts(numbers)
