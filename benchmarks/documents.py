"""How long the summary of a contract takes, step by step, with and without loading the policy; and a peer beside it.

    python benchmarks/documents.py [--contract collabware] [--runs 5]

Each run loads the policy anew, so that nothing of the run before is remembered. The first run is shown apart: it also
imports what it uses. The last column is processor time, which says more on a machine that is busy with other things.
The peer writes the same document as PDF by way of Word: LibreOffice converts the .docx that was written here.
"""

from __future__ import annotations

import argparse
import gc
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from slarules.cli.main import COLLECTED
from slarules.documents.outline import outline
from slarules.documents.render import FORMATS, render
from slarules.loader import load

ROOT = Path(__file__).resolve().parents[1]
STEPS = ("load", "outline", *FORMATS)
GOALS = {".html": 0.5, ".pdf": 2.0}
"""Seconds that outline and rendering may take together."""


Seconds = tuple[float, float]
"""By the clock on the wall, and of the processor."""


def timed(act: Callable[[], Any]) -> tuple[Seconds, Any]:
    """Seconds, and what came of it."""
    start, begun = time.perf_counter(), time.process_time()
    made = act()
    return (time.perf_counter() - start, time.process_time() - begun), made


def run(policy: Path) -> tuple[dict[str, Seconds], bytes]:
    """Seconds of each step, and the Word file."""
    seconds: dict[str, Seconds] = {}
    seconds["load"], loaded = timed(lambda: load(policy))
    seconds["outline"], document = timed(lambda: outline(loaded))
    word = b""
    for ending in FORMATS:
        seconds[ending], made = timed(lambda ending=ending: render(document, ending))  # type: ignore[misc]
        word = made if ending == ".docx" else word
    return seconds, word


def peer(word: bytes) -> float | None:
    """Seconds that LibreOffice takes to write the same document as PDF; None where it is not installed."""
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "summary.docx").write_bytes(word)
        command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "pdf",
                   "--outdir", folder, f"{folder}/summary.docx"]
        (seconds, _), _ = timed(lambda: subprocess.run(command, check=True, capture_output=True, timeout=600))
        assert (Path(folder) / "summary.pdf").exists()
        return seconds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--contract", default="collabware")
    options.add_argument("--runs", type=int, default=5)
    asked = options.parse_args()
    gc.set_threshold(*COLLECTED)  # as the command does
    policy = ROOT / "contracts" / asked.contract / "policy.sla"
    first, word = run(policy)
    runs = [run(policy)[0] for _ in range(asked.runs)]
    wall, processor = ({step: statistics.median(one[step][n] for one in runs) for step in STEPS} for n in (0, 1))
    print(f"{asked.contract}: {len(policy.read_bytes()):,} bytes of policy; seconds, the median of {asked.runs} runs\n")
    print(f"{'step':10}{'first':>8}{'then':>8}{'processor':>12}")
    for step in STEPS:
        print(f"{step:10}{first[step][0]:8.3f}{wall[step]:8.3f}{processor[step]:12.3f}")
    print()
    for ending, goal in GOALS.items():
        made = wall["outline"] + wall[ending]
        print(f"{ending:6} outline and rendering {made:.3f} (goal {goal}), with loading {made + wall['load']:.3f}; "
              f"of the processor {processor['outline'] + processor[ending]:.3f}; "
              f"the first time {first['outline'][0] + first[ending][0]:.3f}")
    beside = peer(word)
    if beside is None:
        print("LibreOffice is not installed: no peer")
    else:
        print(f"peer   LibreOffice from .docx to .pdf {beside:.3f}")


if __name__ == "__main__":
    main()
