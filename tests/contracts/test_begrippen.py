"""One word, one meaning: every word in the names of the contract and the domain is a listed term or plain English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = ("contracts", "hub/domain")

#: Words of the programmer; a jurist would not cite them.
ENGLISH = frozenset((ROOT / "tests" / "contracts" / "english_words.txt").read_text().split())


def listed() -> set[str]:
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "begrippen.md").read_text(), re.MULTILINE)
    return {word for row in rows for word in re.findall(r"[a-zà-ÿ0-9]+", row.lower())}


def names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def words(name: str) -> Iterator[str]:
    for part in name.split("_"):
        yield from (word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", part))


def test_every_word_in_a_name_is_listed() -> None:
    known = listed() | ENGLISH
    unlisted = {
        f"{word} ({path.relative_to(ROOT)})"
        for place in PLACES
        for path in (ROOT / place).glob("*.py")
        for name in names(path)
        for word in words(name)
        if word not in known
    }
    assert not unlisted, "not in docs/begrippen.md: " + ", ".join(sorted(unlisted))


def test_no_word_is_in_two_languages() -> None:
    assert not (ENGLISH & listed()) - {
        "status",
        "type",
        "is",
        "of",
        "in",
        "was",
        "code",
        "plan",
        "register",
        "per",
        "voor",
    }
