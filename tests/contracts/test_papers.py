"""The papers that public code must carry, and that the words and articles in them can be looked up."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from contracts.codelijst import codelijstnamen

ROOT = Path(__file__).parents[2]
REQUIRED = (
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def table_rows(name: str, columns: int) -> list[list[str]]:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in read(name).splitlines() if line[:2] == "| "
    ]
    return [row for row in rows if len(row) == columns]


def articles_in(sources: str, laws: set[str]) -> set[tuple[str, str]]:
    """The articles, without their paragraphs, in a text such as `WGS 1.5 lid 1, 2.23 lid 4; Vc B8/3`."""
    found: set[tuple[str, str]] = set()
    for source in sources.split("; "):
        for law in laws:
            if source.startswith(f"{law} "):
                parts = re.split(r", | en (?=\d+[.:]|\d+ lid)", source.removeprefix(f"{law} "))
                words = [part.split()[0] for part in parts]
                found.update((law, word) for word in words if re.search(r"[.:/]|^\d{2,}", word) or word == words[0])
    return found


class TestPubliccode:
    @pytest.fixture
    def content(self) -> dict[str, Any]:
        loaded: dict[str, Any] = yaml.safe_load(read("publiccode.yml"))
        return loaded

    def test_it_has_every_required_field(self, content: dict[str, Any]) -> None:
        assert [key for key in REQUIRED if key not in content] == []
        assert content["publiccodeYmlVersion"] == "0.7.0"

    def test_its_values_are_of_the_standard(self, content: dict[str, Any]) -> None:
        assert content["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
        assert content["maintenance"]["type"] in {"internal", "contract", "community", "none"}
        assert content["maintenance"]["type"] != "internal" or content["maintenance"]["contacts"]
        assert isinstance(content["localisation"]["localisationReady"], bool)
        assert content["localisation"]["availableLanguages"] == ["nl"]

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_each_description_keeps_to_the_lengths(self, content: dict[str, Any], language: str) -> None:
        description = content["description"][language]
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert 5 <= len(description["features"]) <= 20

    def test_the_licence_is_the_one_of_the_package(self, content: dict[str, Any]) -> None:
        assert content["legal"]["license"] == "EUPL-1.2"
        assert 'license = "EUPL-1.2"' in read("pyproject.toml")


class TestLicence:
    def test_it_is_the_whole_eupl(self) -> None:
        text = read("LICENSE")
        assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
        assert "EUPL © the European Union 2007, 2016" in text
        assert [n for n in range(1, 16) if not re.search(rf"^\s*{n}\.\s*\S", text, re.MULTILINE)] == []
        assert text.rstrip().endswith(
            "All other changes or additions to this Appendix require the production of a new EUPL version."
        )


class TestPapers:
    @pytest.mark.parametrize("name", ["CHANGELOG.md", "SECURITY.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md"])
    def test_they_are_there(self, name: str) -> None:
        assert len(read(name)) > 300

    def test_every_decision_has_the_five_headings_of_the_template(self) -> None:
        pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
        assert len(pages) >= 10
        for page in pages:
            headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
            assert headings == ["Context", "Decision", "Consequences", "Alternatives", "References"], page.name

    def test_decisions_are_numbered_without_gaps(self) -> None:
        numbers = [int(page.name[:4]) for page in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))]
        assert numbers == list(range(len(numbers)))


class TestBegrippen:
    ROWS = tuple(table_rows("docs/begrippen.md", 4))

    def test_a_word_stands_there_once(self) -> None:
        words = [row[0].lower() for row in self.ROWS if row[0] not in {"begrip", "---"}]
        assert len(words) > 1_000
        assert sorted(words) == sorted(set(words))

    def test_no_cell_is_empty(self) -> None:
        assert [row for row in self.ROWS if not all(row)] == []

    def test_a_row_that_points_elsewhere_points_at_a_row(self) -> None:
        words = {row[0].lower() for row in self.ROWS}
        pointed = [row[1].removeprefix("Zie ").removesuffix(".") for row in self.ROWS if row[1].startswith("Zie ")]
        assert [word for word in pointed if word.lower() not in words] == []

    def test_every_code_list_it_names_exists(self) -> None:
        named = {name for row in self.ROWS for name in re.findall(r"codelijst ([a-z0-9-]+)", row[2])}
        assert named <= set(codelijstnamen())


class TestGrondslagen:
    ROWS = tuple(table_rows("docs/grondslagen.md", 4))

    def test_every_article_has_a_reference_of_its_own(self) -> None:
        references = [row[3] for row in self.ROWS if row[3].startswith("`")]
        assert len(references) > 100
        assert len(references) == len(set(references))
        assert [
            ref for ref in references if not re.fullmatch(r"`(jci1\.3:c:BWB[RV]\d{7}|celex:\d{5}R\d{4})&\S+`", ref)
        ] == []

    def test_every_law_of_an_article_is_introduced(self) -> None:
        laws = {row[0] for row in table_rows("docs/grondslagen.md", 5)}
        assert {row[0] for row in self.ROWS} - {"wet", "---"} <= laws

    def test_every_article_that_a_policy_names_stands_there(self) -> None:
        known = {(row[0], row[1].split(" lid ")[0]) for row in self.ROWS}
        laws = {law for law, _ in known}
        cited = set()
        for policy in (ROOT / "consent_policies").glob("*.cedar"):
            for sources in re.findall(r'@bron\("([^"]*)"\)', policy.read_text(encoding="utf-8")):
                cited.update(articles_in(sources, laws))
        assert cited
        assert sorted(cited - known) == []
