"""Where a word ends: at its line's end, whatever stands behind it."""

from __future__ import annotations

import pytest

from slarules.source import Source
from slarules.syntax.parse import parse


@pytest.mark.parametrize("zone", ["America/Denver", "UTC", "UTC-07:00", "America/Argentina/Buenos_Aires"])
@pytest.mark.parametrize("comment", ["-- why", "--", "--why", "----------", " -- why"])
def test_a_comment_right_behind_a_zone_is_no_part_of_it(zone: str, comment: str) -> None:
    text = f"slarules 1\ncontract C\n  provider P\n  zone {zone}{comment}\n"
    tree, problems = parse(Source("zone.sla", text))
    assert problems == () and tree.contract is not None
    assert tree.contract.one("zone_line").one("zone").one("ZONE").text == zone
