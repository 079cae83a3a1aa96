"""The rules of the house, counted: small modules, small functions, empty packages, no words that hide."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_MODULE, MAX_FUNCTION = 400, 40
HIDING_NAMES = {"utils", "common", "base", "manager", "helpers", "misc"}
SOURCES = [
    path
    for folder in ("contracts", "hub", "adapters", "bench", "deploy")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_and_its_functions_fit_on_a_screen_or_ten(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MAX_MODULE
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: (node.end_lineno or 0) - node.lineno for node in functions}
    assert {name: lines for name, lines in long.items() if lines > MAX_FUNCTION} == {}


def test_no_module_hides_behind_a_name_that_says_nothing() -> None:
    assert [path for path in SOURCES if path.stem in HIDING_NAMES] == []


def test_packages_are_empty() -> None:
    assert [path for path in SOURCES if path.name == "__init__.py" and path.read_text()] == []


def test_public_modules_say_what_they_are() -> None:
    unsaid = [
        path for path in SOURCES if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert unsaid == []


def test_nothing_is_patched_or_put_off() -> None:
    words = ["mock" + ".patch", "TO" + "DO", "FIX" + "ME", "pytest" + ".skip("]
    arguments = [argument for word in words for argument in ("-e", word)]
    found = subprocess.run(
        ["git", "grep", "-lF", *arguments, "--", "*.py", "*.cedar", "*.yaml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
