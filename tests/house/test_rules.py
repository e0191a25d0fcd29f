"""The rules of the house that no linter knows."""

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "leeward"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file."""
    return [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_function_is_longer_than_60_lines_and_19_of_20_are_at_most_40() -> None:
    lengths = [(n.end_lineno or n.lineno) - n.lineno + 1 for path in FILES for n in functions(path)]
    assert max(lengths) <= 60
    assert statistics.quantiles(lengths, n=20)[18] <= 40


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_every_module_has_a_test_module_in_the_same_place() -> None:
    """An app of the console is tested through its pages, the interface that it promises: its folder must have tests."""
    missing = []
    for path in FILES:
        relative = path.relative_to(SOURCE)
        if path.name == "__init__.py" or not functions(path):
            continue
        if relative.parts[0] == "console":
            if not list((ROOT / "tests" / relative.parent).glob("test_*.py")):
                missing.append(str(relative.parent))
            continue
        test = ROOT / "tests" / relative.parent / f"test_{relative.stem.strip('_')}.py"
        if not test.exists():
            missing.append(str(test.relative_to(ROOT)))
    assert not missing


def test_every_test_module_has_its_source_in_the_same_place() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir()}
    stray = []
    for test in (ROOT / "tests").rglob("test_*.py"):
        relative = test.relative_to(ROOT / "tests")
        if relative.parts[0] not in rooms or relative.parts[0] == "console":
            continue  # the console is tested through its pages
        name = relative.stem.removeprefix("test_")
        folder = SOURCE / relative.parent
        if not any((folder / candidate).exists() for candidate in (f"{name}.py", f"__{name}__.py", name)):
            stray.append(str(relative))
    assert not stray


def test_every_public_function_and_class_says_what_it_is_for() -> None:
    silent = []
    for path in FILES:
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree):
            silent.append(str(path))
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            if not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{path}:{node.lineno} {node.name}")
    assert not silent


def test_there_is_no_utils_module() -> None:
    assert not [path for path in FILES if path.stem in ("utils", "helpers", "misc", "common_utils")]


def test_every_dependency_has_its_reason_on_its_line() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    start = lines.index("dependencies = [")
    for line in lines[start + 1 : lines.index("]", start)]:
        assert "#" in line, f"no reason: {line}"
