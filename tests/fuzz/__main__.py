"""Fuzzes one reader with atheris: ``python -m tests.fuzz TARGET [--runs N] [--found FOLDER]``.

It goes on after a crash, keeps the smallest input of each kind of crash in FOLDER, and ends with 1 if there was any.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import FrameType

import atheris

with atheris.instrument_imports(include=["slarules"]):
    from tests.fuzz.mutate import mutated
    from tests.fuzz.targets import LONGEST, TARGETS, Target

LIMIT = 1.0
"""Seconds of computing that an input may take."""
EACH = 25_000
"""Inputs between two lines of progress."""


class TooSlow(BaseException):
    """An input took longer than the limit."""


def _too_slow(_: int, __: FrameType | None) -> None:
    raise TooSlow(f"more than {LIMIT} s")


class Campaign:
    """So many inputs for one reader, and what came of them."""

    def __init__(self, target: Target, runs: int, found: Path) -> None:
        self.target, self.runs, self.found = target, runs, found
        self.done = 0
        self.slowest = (0.0, b"")
        self.crashes: dict[str, bytes] = {}
        self.began = time.monotonic()

    def one(self, data: bytes) -> None:
        """Gives one input to the reader."""
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
        try:
            self.target.run(data)
        except (Exception, TooSlow) as crash:
            self._keep(data, crash)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        self.slowest = max(self.slowest, (time.process_time() - begun, data))
        self.done += 1
        if self.done % EACH == 0:
            print(self.report(), file=sys.stderr, flush=True)
        if self.done >= self.runs:
            print(self.report(), flush=True)
            (self.found / f"{self.target.name}-slowest").write_bytes(self.slowest[1])
            os._exit(1 if self.crashes else 0)  # the fuzzer itself would go on, or end without a word

    def _keep(self, data: bytes, crash: BaseException) -> None:
        frame = traceback.extract_tb(crash.__traceback__)[-1]
        kind = f"{type(crash).__name__} in {Path(frame.filename).name}:{frame.lineno}"
        kind = "TooSlow" if isinstance(crash, TooSlow) else kind
        if kind in self.crashes and len(self.crashes[kind]) <= len(data):
            return
        self.crashes[kind] = data
        name = "".join(c if c.isalnum() else "-" for c in kind)
        (self.found / f"{self.target.name}-{name}").write_bytes(data)
        print(f"{kind}: {str(crash)[:300]!r}, {len(data)} bytes", file=sys.stderr, flush=True)

    def report(self) -> str:
        """The figures so far, on one line."""
        took = time.monotonic() - self.began
        return (f"{self.target.name}: {self.done:,} inputs in {took:,.0f} s, {len(self.crashes)} kinds of crash, "
                f"slowest input {self.slowest[0]:.3f} s of {len(self.slowest[1]):,} bytes")


def main() -> None:
    """Sets up the seeds and the dictionary, and fuzzes."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("target", choices=sorted(TARGETS), nargs="?")
    asked.add_argument("--list", action="store_true", help="print the names of the targets")
    asked.add_argument("--runs", type=int, default=20_000)
    asked.add_argument("--found", type=Path, default=Path("fuzz-found"))
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--longest", type=int, default=LONGEST, help="bytes of an input: shorter ones are read faster")
    told = asked.parse_args()
    if told.list or told.target is None:
        print(*TARGETS)
        return
    told.found.mkdir(parents=True, exist_ok=True)
    target = TARGETS[told.target]
    seeds, words = list(target.seeds()), target.words()
    campaign = Campaign(target, told.runs, told.found)
    signal.signal(signal.SIGVTALRM, _too_slow)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(seeds):
            (corpus / f"{number:05}").write_bytes(seed)
        dictionary = Path(folder) / "words"
        dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words), "utf-8")

        def mutator(data: bytes, longest: int, seed: int) -> bytes:
            if seed % 2:
                made: bytes = atheris.Mutate(data, longest)
                return made
            return mutated(data, longest, seed, words, seeds)

        flags = [f"-max_len={told.longest}", f"-dict={dictionary}", f"-seed={told.seed}", "-timeout=60", "-verbosity=0",
                 "-rss_limit_mb=3000", f"-artifact_prefix={told.found}/", str(corpus)]
        atheris.Setup([sys.argv[0], *flags], campaign.one, custom_mutator=mutator)
        atheris.Fuzz()


def _escaped(word: str) -> str:
    return "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\x{b:02x}" for b in word.encode())


if __name__ == "__main__":
    main()
