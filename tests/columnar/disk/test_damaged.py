"""A folder that was damaged, or that another run uses, is refused: what is left of a log would be judged wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slarules.columnar.disk import spill
from slarules.columnar.disk.budget import CannotJudge
from slarules.columnar.disk.spill import Damaged
from tests.columnar.disk.test_incremental import again
from tests.columnar.disk.test_resuming import AS_OF, Stopped, asked, log, stopping_after
from tests.columnar.larger import batches_of, in_ranges
from tests.laws.histories import trak


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state with some of a log."""
    state = tmp_path_factory.mktemp("kept")
    again(state, log()[:40], AS_OF)
    return state


@pytest.mark.parametrize("cut", [None, 0, 60])
@pytest.mark.parametrize("name", ["state.json", "run-00000.arrow", "run-00000.ids", "-verdicts.arrow", "-coming.arrow"])
def test_a_state_that_is_damaged_is_refused(kept: Path, tmp_path: Path, name: str, cut: int | None) -> None:
    for path in kept.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (broken,) = (path for path in tmp_path.iterdir() if path.name.endswith(name))
    if cut is not None:
        os.truncate(broken, cut)
    elif name == "state.json":
        broken.write_text("[]\n")
    else:
        broken.unlink()
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(Damaged, match=rf"is damaged: `.*{name}` is not what was put there; bring it back from a copy"):
        again(tmp_path, log()[40:], AS_OF)
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["log.json", "run-00000.arrow", "part-00000-verdicts.arrow", "part-00000.json"])
def test_a_run_does_not_go_on_from_what_is_damaged(tmp_path: Path, name: str) -> None:
    with pytest.raises(Stopped):
        in_ranges(trak(), batches_of(log(), [7]), AS_OF, tmp_path / "run", asked=asked(), done=stopping_after(2))
    os.truncate(tmp_path / "run" / name, 30)
    with pytest.raises(Damaged, match=f"`{name}` is not what was put there"):
        in_ranges(trak(), batches_of(log(), [7]), AS_OF, tmp_path / "run", asked=asked())


def test_a_folder_is_one_runs_at_a_time(tmp_path: Path) -> None:
    with spill.held(tmp_path):
        with pytest.raises(CannotJudge, match=r"another run uses .* now: wait until it is through"):
            again(tmp_path, log(), AS_OF)
        with pytest.raises(CannotJudge, match="another run uses"):
            in_ranges(trak(), batches_of(log(), [7]), AS_OF, tmp_path, asked=asked())
        assert [path.name for path in tmp_path.iterdir()] == [spill.MARK]
    again(tmp_path, log(), AS_OF)


def test_what_a_killed_run_left_goes_with_the_next(tmp_path: Path) -> None:
    left, used = tmp_path / ".slarules-left", tmp_path / ".slarules-used"
    for folder in (left, used):
        with spill.held(folder):
            (folder / "run-00000.arrow").write_bytes(b"x" * 100)
        os.utime(folder / spill.MARK, (1_000_000_000, 1_000_000_000))
    with spill.held(used), spill.temporary(tmp_path) as own:
        assert {path.name for path in tmp_path.iterdir()} == {used.name, own.name}
    assert [path.name for path in tmp_path.iterdir()] == [used.name]
