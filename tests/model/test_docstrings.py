"""Every class of the model, and every field of it, says in the domain's words what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

MODEL = Path(__file__).parents[2] / "slarules" / "model"
MODULES = sorted(path for path in MODEL.glob("*.py") if path.name != "__init__.py")


def told(statement: ast.stmt | None) -> str | None:
    """The docstring that a statement is; None where it is something else."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return text
    return None


def undocumented(tree: ast.Module) -> Iterator[str]:
    for one in tree.body:
        if not isinstance(one, ast.ClassDef):
            continue
        if not ast.get_docstring(one):
            yield one.name
        for statement, after in zip(one.body, [*one.body[1:], None], strict=True):
            match statement:
                case ast.AnnAssign(target=ast.Name(id=field)) if not (told(after) or "").strip():
                    yield f"{one.name}.{field}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_class_and_field_has_its_docstring(path: Path) -> None:
    assert list(undocumented(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_docstrings_are_sentences(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                text = told(statement)
                assert text is None or text.rstrip()[-1] in ".…", f"{node.name}: {text}"


def test_a_field_without_one_is_found() -> None:
    tree = ast.parse('class A:\n    """It is."""\n    told: int\n    """So."""\n    silent: int\n')
    assert list(undocumented(tree)) == ["A.silent"]
