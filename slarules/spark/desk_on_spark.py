"""A desk in Spark's state: what Spark calls for it, and its shelves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen
from pyspark.sql import Row
from pyspark.sql.streaming.stateful_processor import StatefulProcessor

from slarules.spark.desk import Desk
from slarules.spark.keeping import SHELVES
from slarules.spark.sending import opened
from slarules.spark.watching import KEPT


class DeskWatcher(StatefulProcessor):
    """What Spark calls for the whole desk: ``handleInputRows`` when events come, ``handleExpiredTimer`` in time."""

    def __init__(self, sent: bytes) -> None:
        self.sent = sent
        self.desk: Desk | None = None

    def init(self, handle: Any) -> None:
        """Names the state that is kept; Spark does so anew for each batch."""
        self.shelves = {name: _InSpark(handle.getMapState(name, "name string", "text string")) for name in SHELVES}
        self.timer, self.desk = handle.registerTimer, None

    def handleInputRows(self, key: Any, rows: Any, timerValues: Any) -> Iterator[Row]:
        """Keeps the new events, and judges whom they touch, and who is due."""
        own = [(one["subject"], tuple(one[name] for name in KEPT.names)) for one in rows]
        yield from self._desk().came(own, timerValues.getCurrentWatermarkInMs() * 1000)

    def handleExpiredTimer(self, key: Any, timerValues: Any, expiredTimerInfo: Any) -> Iterator[Row]:
        """Judges who is due."""
        yield from self._desk().fell_due(timerValues.getCurrentWatermarkInMs() * 1000)

    def close(self) -> None:
        """Nothing is held beside the state."""

    def _desk(self) -> Desk:
        if self.desk is None:
            self.desk = Desk(opened(self.sent), self.shelves, self.timer)
        return self.desk


@frozen(eq=False)
class _InSpark:
    """A shelf in Spark's state."""

    state: Any

    def get(self, name: str) -> str | None:
        found = self.state.getValue((name,))
        return None if found is None else str(found[0])

    def put(self, name: str, text: str) -> None:
        self.state.updateValue((name,), (text,))

    def remove(self, name: str) -> None:
        self.state.removeKey((name,))

    def items(self) -> list[tuple[str, str]]:
        return [(key[0], value[0]) for key, value in self.state.iterator()]
