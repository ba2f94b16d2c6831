"""Random policies whose logs grow day by day: each day's verdicts are those of one judging of the log till then."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest

from slarules.columnar.disk import incremental
from slarules.columnar.disk.incremental import judge_again
from slarules.columnar.disk.ranges import Sizes
from slarules.columnar.judging import judge
from slarules.columnar.log.columns import table_of
from slarules.model.event import Event
from tests.columnar.larger import Heard, batches_of, whole
from tests.same.cases import Case, iso, written
from tests.same.trying import random_cases

SEEDS = range(int(os.environ.get("SLARULES_LARGER_EXAMPLES", "4")))
DAY = 86_400_000_000


class Interrupted(Exception):
    pass


@pytest.mark.parametrize("seed", SEEDS)
def test_each_day_s_verdicts_are_those_of_one_judging(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As events came to be known: late and corrected ones of old tickets among them; some days break off and begin
    anew, and some instants lie before those of the day before."""
    rng = random.Random(seed)
    monkeypatch.setattr(incremental, "_MANY", 2.0)  # so that small logs are judged by names, too
    for number, (case, _) in enumerate(random_cases(1000 + seed, 15, 2)):
        events = list(case.events)
        cuts = sorted(rng.sample(range(1, len(events)), min(3, len(events) - 1))) if len(events) > 1 else []
        near = [event.at for event in events if abs(event.at - case.as_of) < 4000 * DAY] or [case.as_of]
        instants = [rng.choice(near) + rng.choice([-1, 0, 1, DAY // 24, 30 * DAY, 400 * DAY]) for _ in cuts]
        if rng.random() < 0.8:
            instants.sort()
        sizes = Sizes(rng.choice([4_000, 40_000]), 1_000, 1_000, rng.choice([3, 300]))
        state = tmp_path / str(number)
        for (first, last), as_of in zip(pairwise([0, *cuts, len(events)]), [*instants, case.as_of], strict=True):
            days = events[first:last]
            if rng.random() < 0.3:
                with pytest.raises(Interrupted):
                    _judged(case, days, as_of, state, sizes, breaking=True)
            wanted = judge(
                case.contract, case.readings, table_of(events[:last]), as_of,
                supplied=case.supplied, precision=case.precision,
            )  # fmt: skip
            seen = _judged(case, days, as_of, state, sizes)
            assert seen == whole(wanted), f"{first} to {last} as of {iso(as_of)}\n{written(case)}"


def _judged(
    case: Case, events: list[Event], as_of: int, state: Path, sizes: Sizes, breaking: bool = False
) -> dict[str, object]:
    heard = Heard()

    def write(tables: Iterator[pa.Table]) -> None:
        heard.write(tables)
        if breaking:
            raise Interrupted

    found = judge_again(
        case.contract, case.readings, batches_of(events, [7, 3]), as_of, state=state, memory=1 << 40, write=write,
        subjects=heard.subject, tell=heard.findings.append, sizes=sizes, supplied=case.supplied,
        precision=case.precision, apart=False,
    )  # fmt: skip
    return heard.whole(found.summary)
