"""The keys that objects of a log of JSON lines have, learnt from its lines."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from attrs import define, field

from slarules.readers.columns.words import words_of

MOST = 250
"""So many keys are known at most; lines with others are read one by one."""
_DEEPEST = 8


@define
class Keys:
    """Keys, numbered; 0 is the object of the line itself."""

    names: list[bytes] = field(factory=lambda: [b""])
    """The name of each as it stands in the file."""
    above: list[int] = field(factory=lambda: [-1])
    """The key in whose object it stands."""
    places: dict[tuple[int, bytes], int] = field(factory=dict)
    """The number of a name within the object of a key."""

    @property
    def paths(self) -> list[tuple[str, ...]]:
        """Each key with those around it."""
        found: list[tuple[str, ...]] = [()]
        for name, above in zip(self.names[1:], self.above[1:], strict=True):
            found.append((*found[above], name.decode()))
        return found

    def learn(self, line: bytes) -> bool:
        """Adds the keys of a line, if it is an object; whether there was a new one."""
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            return False
        before = len(self.names)
        if isinstance(found, dict):
            self._learn(found, 0, 0)
        return len(self.names) > before

    def _learn(self, found: dict[str, Any], above: int, depth: int) -> None:
        for name, value in found.items():
            key = self._key(name, above)
            if key is not None and isinstance(value, dict) and depth < _DEEPEST:
                self._learn(value, key, depth + 1)

    def _key(self, name: str, above: int) -> int | None:
        try:
            raw = name.encode()
        except UnicodeEncodeError:  # half a character: its line is refused
            return None
        if b'"' in raw or b"\\" in raw or any(byte < 32 for byte in raw):
            return None  # can only be written with an escape, which is not looked for
        if (above, raw) not in self.places:
            if len(self.names) > MOST:
                return None
            self.places[above, raw] = len(self.names)
            self.names.append(raw)
            self.above.append(above)
        return self.places[above, raw]

    def arrays(self) -> tuple[Any, Any, Any, Any, Any, Any]:
        """The keys as ``scan`` wants them.

        Names, each with the mark that closes it, and as words; where each begins; the first key inside each, the next
        beside it; and what usually follows it, which is not known yet.
        """
        count = len(self.names)
        child, sibling = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
        for key in range(count - 1, 0, -1):
            sibling[key] = child[self.above[key]]
            child[self.above[key]] = key
        names = np.frombuffer(b'"'.join(self.names) + b'"' + bytes(16), np.uint8)
        begins = np.cumsum([0, *(len(name) + 1 for name in self.names)]).astype(np.int64)
        return names, words_of(names), begins, child, sibling, np.full(2 * count, -1, np.int64)
