"""The installed wheel and the editable install both find the grammar and can check a contract."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACT = ROOT / "contracts" / "copiun" / "policy.sla"
WHERE = "import slarules; print(slarules.__file__)"
CHECK = "from slarules.cli.main import main; main()"


def ran(words: Sequence[object], cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, in which this repository is nowhere on the path unless it is said to be."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COVERAGE"))}
    return subprocess.run(
        list(map(str, words)),
        cwd=cwd,
        env={**clean, **env},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with this environment's hatchling, or by pip in one of its own."""
    out = tmp_path_factory.mktemp("wheel")
    words: list[object] = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", out, ROOT]
    if importlib.util.find_spec("hatchling") is not None:
        words = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", out, ROOT]
    built = ran(words, out)
    if built.returncode and words[2] == "pip":
        pytest.skip(f"no hatchling here, and pip cannot fetch it: {built.stderr.strip().splitlines()[-1:]}")
    assert built.returncode == 0, built.stderr
    (found,) = out.glob("slarules-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The Python of a new environment with the wheel in it, and a path to the packages that it depends on."""
    folder = tmp_path_factory.mktemp("environment")
    made = ran([sys.executable, "-m", "venv", "--without-pip", folder], folder)
    assert made.returncode == 0, made.stderr
    python = folder / "bin" / "python"
    (site,) = (folder / "lib").glob("python*/site-packages")
    into = ran(
        [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--target", site, wheel], folder
    )
    assert into.returncode == 0, into.stderr
    borrowed = folder / "borrowed"
    borrowed.mkdir()
    for entry in _site_packages().iterdir():
        if "slarules" not in entry.name and entry.suffix != ".pth":
            (borrowed / entry.name).symlink_to(entry)
    return python, str(borrowed)


def _site_packages() -> Path:
    spec = importlib.util.find_spec("lark")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parents[1]


def test_the_wheel_holds_the_grammar_and_the_schemas(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert names.count("slarules/syntax/slarules.lark") == 1
    assert [n for n in names if n.startswith("slarules/schemas/") and n.endswith(".json")]
    assert "slarules/py.typed" in names
    for kind in ("diagnostics", "lint"):
        ours = {path.name for path in (ROOT / "docs" / kind).glob("*.md")}
        assert {n.rsplit("/", 1)[1] for n in names if n.startswith(f"slarules/pages/{kind}/")} == ours
    assert [n for n in names if n.startswith(("tests/", "contracts/", "docs/"))] == []


def test_the_wheel_s_grammar_is_the_repository_s(wheel: Path) -> None:
    packed = zipfile.ZipFile(wheel).read("slarules/syntax/slarules.lark")
    assert packed == (ROOT / "grammar" / "slarules.lark").read_bytes()


def test_the_installed_wheel_checks_a_contract(installed: tuple[Path, str], tmp_path: Path) -> None:
    python, packages = installed
    where = ran([python, "-c", WHERE], tmp_path, PYTHONPATH=packages)
    assert Path(where.stdout.strip()).is_relative_to(python.parents[1]), where.stderr
    checked = ran([python, "-c", CHECK, "check", CONTRACT], tmp_path, PYTHONPATH=packages)
    assert checked.returncode == 0, checked.stderr
    broken = tmp_path / "broken.sla"
    broken.write_text(CONTRACT.read_text("utf-8").replace("  provider ", "  provder ", 1), "utf-8")
    told = ran([python, "-c", CHECK, "check", broken], tmp_path, PYTHONPATH=packages)
    assert told.returncode == 3 and "provder" in told.stderr + told.stdout
    page = ran([python, "-c", CHECK, "explain-code", "E0201"], tmp_path, PYTHONPATH=packages)
    assert page.stdout == (ROOT / "docs" / "diagnostics" / "E0201.md").read_text("utf-8"), page.stderr


def test_the_editable_install_checks_a_contract(tmp_path: Path) -> None:
    """What this environment has, run from elsewhere: it finds the grammar in the repository."""
    where = ran([sys.executable, "-c", WHERE], tmp_path)
    if where.returncode:
        pytest.skip("slarules is not installed in this environment")
    if not Path(where.stdout.strip()).is_relative_to(ROOT / "slarules"):
        pytest.skip("the install in this environment is not editable")
    checked = ran([sys.executable, "-c", CHECK, "check", CONTRACT], tmp_path)
    assert checked.returncode == 0, checked.stderr
    page = ran([sys.executable, "-c", CHECK, "explain-code", "E0201"], tmp_path)
    assert page.stdout == (ROOT / "docs" / "diagnostics" / "E0201.md").read_text("utf-8"), page.stderr
