"""The code lists: complete, without contradictions, and silent about what they refuse."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from contracts.codelijst import Codelijst, Codewaarde, Waarde, codelijst, codelijstnamen

FOLDER = Path(__file__).parents[2] / "contracts" / "codelijsten"
LISTS = [codelijst(naam) for naam in codelijstnamen()]
VALUES = [(lijst, waarde) for lijst in LISTS for waarde in lijst.waarden]
LAPSED = [(lijst, waarde) for lijst, waarde in VALUES if waarde.vervallen]
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REFERENCE = re.compile(r"([a-z0-9-]+):([a-z0-9-]+)")
USED_BY_ADAPTERS = [
    "uitbuitingsvorm",
    "zekerheid",
    "rol",
    "geslacht",
    "middel",
    "indicator",
    "sector",
    "plaatstype",
    "verblijfsstatus",
    "leeftijdsgroep",
    "aanleiding",
    "meldkanaal",
    "urgentie",
    "meldertype",
    "hoedanigheid",
    "peilmoment",
    "sluitingsreden",
    "terugkoppelstatus",
    "interventie",
    "signaalstatus",
    "casusstatus",
    "gegevenscategorie",
    "wpg-betrokkenecategorie",
    "iszw-gradatie",
]

Uitbuitingsvorm = Annotated[str, Codewaarde("uitbuitingsvorm")]
UITBUITINGSVORM = TypeAdapter[str](Uitbuitingsvorm)


def texts_in(content: Any) -> Iterator[str]:
    match content:
        case str():
            yield content
        case list() | tuple():
            for item in content:
                yield from texts_in(item)
        case dict():
            for item in content.values():
                yield from texts_in(item)


def words_of(waarde: Waarde) -> tuple[str, ...]:
    return (waarde.code, *waarde.aliassen)


class TestTheLists:
    def test_there_are_134_lists_with_2229_values(self) -> None:
        assert len(LISTS) == 134
        assert len(VALUES) == 2229

    def test_every_file_carries_its_own_name(self) -> None:
        assert [lijst.naam for lijst in LISTS] == list(codelijstnamen())

    def test_every_code_is_kebab_case_and_occurs_once_in_its_list(self) -> None:
        for lijst in LISTS:
            counted = Counter(waarde.code for waarde in lijst.waarden)
            assert [code for code, times in counted.items() if times > 1 or not KEBAB.fullmatch(code)] == []

    def test_a_word_means_one_thing_in_its_list(self) -> None:
        for lijst in LISTS:
            meaning: dict[str, str] = {}
            for waarde in lijst.waarden:
                for word in words_of(waarde):
                    assert meaning.setdefault(word.lower(), waarde.code) == waarde.code, lijst.naam

    def test_parents_exist_and_form_no_circle(self) -> None:
        for lijst, waarde in VALUES:
            seen: list[str] = []
            step: str | None = waarde.code
            while step is not None:
                assert step not in seen
                seen.append(step)
                step = lijst.waarde(step).ouder

    def test_every_reference_to_another_list_resolves(self) -> None:
        names = set(codelijstnamen())
        for lijst, waarde in VALUES:
            for text in texts_in((waarde.kenmerken, waarde.vervangen_door)):
                found = REFERENCE.fullmatch(text)
                if found and found[1] in names:
                    assert codelijst(found[1]).waarde(found[2]), (lijst.naam, waarde.code)

    @pytest.mark.parametrize(
        ("kenmerk", "lijst"),
        [("vormen", "uitbuitingsvorm"), ("gevoeligheid", "gevoeligheid"), ("sporen", "spoor")],
    )
    def test_every_named_code_of_a_known_list_exists(self, kenmerk: str, lijst: str) -> None:
        known = {waarde.code for waarde in codelijst(lijst).waarden}
        for _, waarde in VALUES:
            assert set(texts_in(waarde.kenmerken.get(kenmerk))) <= known, waarde.code

    def test_every_indicator_has_a_category_and_a_weight_of_the_lists(self) -> None:
        categories, weights = codelijst("indicatorcategorie").codes, codelijst("indicatorgewicht").codes
        for waarde in codelijst("indicator").waarden:
            assert waarde.kenmerken["categorie"] in categories
            assert waarde.kenmerken["gewicht"] in weights

    def test_a_sensitive_indicator_is_never_scored_by_a_machine(self) -> None:
        never = {
            waarde.code
            for waarde in codelijst("gevoeligheid").waarden
            if waarde.kenmerken.get("automatisch_wegen") == "nooit"
        }
        assert never
        for waarde in codelijst("indicator").waarden:
            if never & set(texts_in(waarde.kenmerken.get("gevoeligheid"))):
                assert waarde.kenmerken["automatisch_wegen"] == "nooit", waarde.code

    def test_a_value_without_source_says_that_it_is_a_conclusion(self) -> None:
        assert [waarde.code for _, waarde in VALUES if not waarde.bronnen and not waarde.onzeker] == []

    def test_every_contradiction_keeps_two_readings_and_names_existing_lists(self) -> None:
        content = json.loads((FOLDER / "tegenstrijdigheden.json").read_text(encoding="utf-8"))
        entries = content["tegenstrijdigheden"]
        assert len(entries) == 73
        for entry in entries:
            assert len(entry["lezingen"]) >= 2
            assert set(entry["lijsten"]) <= set(codelijstnamen())
        known = {entry["naam"] for entry in entries}
        assert {w.kenmerken["tegenstrijdigheid"] for _, w in VALUES if "tegenstrijdigheid" in w.kenmerken} <= known

    @pytest.mark.parametrize("naam", USED_BY_ADAPTERS)
    def test_the_lists_of_the_adapters_exist(self, naam: str) -> None:
        known = codelijst(naam)
        assert known.codes
        assert all(known.herleid(code) == code for code in known.codes)

    @pytest.mark.parametrize("naam", ["bestaat-niet", "tegenstrijdigheden", "../../pyproject", "", "Geslacht"])
    def test_any_other_name_is_refused(self, naam: str) -> None:
        with pytest.raises(LookupError):
            codelijst(naam)


class TestLapsed:
    def test_nine_values_have_lapsed(self) -> None:
        assert len(LAPSED) == 9

    def test_a_lapsed_code_becomes_its_successor(self) -> None:
        for lijst, waarde in LAPSED:
            assert waarde.vervangen_door
            assert waarde.code not in lijst.codes
            if len(waarde.vervangen_door) == 1:
                assert lijst.herleid(waarde.code) == waarde.vervangen_door[0]
                assert waarde.vervangen_door[0] in lijst.codes

    def test_a_lapsed_code_with_more_successors_asks_for_a_choice(self) -> None:
        with pytest.raises(ValueError, match="kies uit: wachtlijst-1-cosm, wachtlijst-2-overig, wachtlijst-3-azc"):
            codelijst("cosm-wachtlijst").herleid("een-wachtlijst-oud")

    def test_the_old_label_loverboy_is_understood_and_not_repeated(self) -> None:
        assert codelijst("uitbuitingsvorm").herleid("Loverboyproblematiek") == "seksuele-uitbuiting"

    def test_the_last_day_counts(self) -> None:
        old = codelijst("verblijfsstatus").waarde("b9-vergunning")
        assert old.geldig_op(date(2013, 5, 31))
        assert not old.geldig_op(date(2013, 6, 1))


class TestRefusal:
    @pytest.mark.parametrize("given_text", ["Bakker, Sanne", "999912345", "seksuele uitbuiting van Sanne"])
    def test_it_names_the_list_and_never_the_value(self, given_text: str) -> None:
        with pytest.raises(ValueError, match="codelijst 'uitbuitingsvorm'") as refusal:
            codelijst("uitbuitingsvorm").herleid(given_text)
        assert given_text.lower() not in str(refusal.value).lower()
        assert "sanne" not in str(refusal.value).lower()

    def test_it_helps_with_the_nearest_codes(self) -> None:
        with pytest.raises(ValueError, match="Het dichtst in de buurt: seksuele-uitbuiting"):
            codelijst("uitbuitingsvorm").herleid("sexuele uitbuiting")

    @given(st.text(max_size=300))
    def test_every_text_is_a_current_code_or_a_refusal_without_it(self, text: str) -> None:
        known = codelijst("geslacht")
        try:
            code = known.herleid(text)
        except ValueError as refusal:
            without_codes = str(refusal).split("Het dichtst")[0]
            assert without_codes.strip() == "Deze waarde staat niet in de codelijst 'geslacht'."
        else:
            assert code in known.codes

    @pytest.mark.parametrize("value", [1, None, ["seksuele-uitbuiting"], "x" * 201])
    def test_a_field_takes_short_text_only(self, value: object) -> None:
        with pytest.raises(ValidationError):
            UITBUITINGSVORM.validate_python(value)


class TestField:
    class Model(BaseModel):
        vorm: Uitbuitingsvorm
        indicator: Annotated[str, Codewaarde("indicator")] | None = None

    def test_an_alias_of_any_case_becomes_the_code(self) -> None:
        assert self.Model(vorm="  Gedwongen  Criminaliteit ").vorm == "criminele-uitbuiting"

    def test_the_fault_has_a_type_of_its_own(self) -> None:
        with pytest.raises(ValidationError) as refusal:
            self.Model(vorm="iets anders")
        assert refusal.value.errors()[0]["type"] == "codelijst"

    def test_the_schema_lists_the_codes_while_they_are_few(self) -> None:
        properties = self.Model.model_json_schema()["properties"]
        assert properties["vorm"]["x-codelijst"] == "uitbuitingsvorm"
        assert properties["vorm"]["enum"] == list(codelijst("uitbuitingsvorm").codes)
        assert "overige-uitbuiting" not in properties["vorm"]["enum"]
        assert "enum" not in properties["indicator"]["anyOf"][0]

    @given(st.sampled_from([(lijst, waarde) for lijst, waarde in VALUES if not waarde.vervallen]), st.data())
    def test_every_word_for_a_value_comes_back_as_its_code(
        self, value: tuple[Codelijst, Waarde], data: st.DataObject
    ) -> None:
        lijst, waarde = value
        word = data.draw(st.sampled_from(words_of(waarde)))
        field = TypeAdapter[str](Annotated[str, Codewaarde(lijst.naam)])
        written = data.draw(st.sampled_from([word, word.upper().lower(), f" {word} ", word.capitalize()]))
        assert field.validate_python(written) == waarde.code
        assert field.validate_json(field.dump_json(waarde.code)) == waarde.code

    def test_a_broader_code_covers_the_narrower(self) -> None:
        forms = codelijst("uitbuitingsvorm")
        narrower = next(waarde for waarde in forms.waarden if waarde.ouder)
        assert narrower.ouder is not None
        assert forms.omvat(narrower.ouder, narrower.code)
        assert not forms.omvat(narrower.code, narrower.ouder)
