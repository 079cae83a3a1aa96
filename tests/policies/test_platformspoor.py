"""What must hold at the door, in the log and in the figures, whatever else is the case."""

import json
import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, BeleidOngeldig, Bundel, laad_bundel
from hub.access.permit import Permit
from hub.access.platformfeiten import binnen_maanden, soort_volgens_profiel, tijdvak_jaren, tijdzone_genoemd
from hub.access.verzoek import Verzoek
from hub.api.identity import ALGORITHMS, OIN_PREFIXES, TEST_PREFIX
from hub.api.issuer import JWKS_PATH, METADATA_PATH, TOKEN_PATH

ROOT = Path(__file__).parents[2]
BUNDEL = laad_bundel()
BELEID = Beleid(BUNDEL)
DAG = date(2026, 3, 2)
LOGDOELEN = ("rechtmatigheidscontrole", "interne-controle", "integriteit-beveiliging")
RECHTER = ("gerechtelijke-procedure", "strafvordering")
ZETELS = st.sampled_from(sorted(BUNDEL.zetels))
DOELEN = st.sampled_from(sorted(BUNDEL.woordenlijst["doelen"]))


def _waarden(soort: Mapping[str, Any]) -> st.SearchStrategy[object]:
    match soort["soort"]:
        case "ja-nee":
            return st.booleans()
        case "getal":
            return st.integers(-2, 120)
        case "keuze" | "drietal":
            return st.sampled_from(soort["waarden"])
        case _:
            return st.just(soort["standaard"])


def omstandigheden(*behalve: str) -> st.SearchStrategy[dict[str, object]]:
    """Any circumstances at all, apart from those a test sets itself."""
    keuzes = {naam: _waarden(soort) for naam, soort in BUNDEL.omstandigheden.items() if naam not in behalve}
    return st.fixed_dictionaries({}, optional=keuzes)


def _vraag(zetel: str, handeling: str, spoor: str, categorie: str, doel: str, gegeven: Mapping[str, object]) -> Verzoek:
    return Verzoek(
        zetel=zetel, rol="medewerker", handeling=handeling, spoor=spoor, regio="breda", datum=DAG,
        categorie=categorie, bron_zetel=zetel, fase=1, doel=doel, omstandigheden=gegeven,
    )  # fmt: skip


def _openapi() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((ROOT / "contracts" / "openapi.json").read_text(encoding="utf-8"))
    return document


class TestDoor:
    TOKENS = st.sampled_from([w for w in BUNDEL.omstandigheden["token"]["waarden"] if w != "geldig"])
    PADEN = st.one_of(
        st.sampled_from([f"/v1{pad}" for pad in _openapi()["paths"]]),
        st.text(max_size=40),
        st.from_regex(r"\A(/[a-z0-9.%*-]{0,12}){1,5}\Z"),
    )

    @given(ZETELS, TOKENS, PADEN, DOELEN, omstandigheden("token", "http_pad"))
    def test_without_a_valid_token_only_public_paths_open(
        self, zetel: str, token: str, pad: str, doel: str, gegeven: dict[str, object]
    ) -> None:
        gegeven |= {"token": token, "http_pad": pad}
        antwoord = BELEID.toets(_vraag(zetel, "koppelvlak-aanroepen", "hub", "geen", doel, gegeven))
        assert not isinstance(antwoord, Permit) or BUNDEL.koppelvlak.openbaar(pad.partition("?")[0])

    def test_public_are_the_paths_that_the_api_opens(self) -> None:
        for pad, operaties in _openapi()["paths"].items():
            ingevuld = "/".join("een" if stuk.startswith("{") else stuk for stuk in f"/v1{pad}".split("/"))
            open_staat = any(not operatie.get("security") for operatie in operaties.values())
            assert BUNDEL.koppelvlak.openbaar(ingevuld) == open_staat, pad

    @pytest.mark.parametrize("pad", [TOKEN_PATH, JWKS_PATH, METADATA_PATH])
    def test_who_comes_for_a_token_needs_none(self, pad: str) -> None:
        assert BUNDEL.koppelvlak.openbaar(pad)

    @pytest.mark.parametrize(
        "pad",
        ["", "/", "/v1", "/v1/openapi.json/", "//v1/openapi.json", "/V1/openapi.json", "/v1/controlepunten/",
         "/v1/controlepunten/..", "/v1/controlepunten/%2e%2e", "/v1/controlepunten/a/../../signalen"],
    )  # fmt: skip
    def test_what_only_looks_public_is_not(self, pad: str) -> None:
        assert not BUNDEL.koppelvlak.openbaar(pad)

    @pytest.mark.parametrize(
        ("oud", "nieuw"),
        [("- /v1/openapi.json", "- v1/openapi.json"), ("'00000099'", "'99'"), ("oin_proef", "oin_test"),
         ("[PS256, RS256]", "[]"), ("/v1/controlepunten/*\n", "/v1/controle**\n")],
    )  # fmt: skip
    def test_a_door_that_is_misdescribed_does_not_load(self, tmp_path: Path, oud: str, nieuw: str) -> None:
        pad = Path(shutil.copytree(BELEIDSMAP, tmp_path / "beleid")) / "koppelvlak.yaml"
        tekst = pad.read_text(encoding="utf-8")
        assert oud in tekst
        pad.write_text(tekst.replace(oud, nieuw), encoding="utf-8")
        with pytest.raises(BeleidOngeldig, match="koppelvlak"):
            laad_bundel(pad.parent)

    def test_policy_and_code_allow_the_same_tokens_and_numbers(self) -> None:
        assert BUNDEL.koppelvlak.token_algoritmen == frozenset(ALGORITHMS)
        assert BUNDEL.koppelvlak.oin_begin == OIN_PREFIXES
        assert BUNDEL.koppelvlak.oin_proef == {TEST_PREFIX}

    @given(ZETELS, DOELEN, omstandigheden("oin_is_afzender"), st.sampled_from(["riec", "zvh", "bilateraal", "hub"]))
    def test_nobody_submits_under_the_number_of_another(
        self, zetel: str, doel: str, gegeven: dict[str, object], spoor: str
    ) -> None:
        gegeven |= {"oin_is_afzender": False}
        assert not isinstance(BELEID.toets(_vraag(zetel, "indienen", spoor, "signaal-inhoud", doel, gegeven)), Permit)


class TestLog:
    @given(ZETELS, DOELEN, st.sampled_from(sorted(BUNDEL.sporen)), omstandigheden())
    def test_only_who_tests_lawfulness_reads_it_and_only_for_that(
        self, zetel: str, doel: str, spoor: str, gegeven: dict[str, object]
    ) -> None:
        if isinstance(BELEID.toets(_vraag(zetel, "logboek-lezen", spoor, "auditregel", doel, gegeven)), Permit):
            assert BUNDEL.zetels[zetel].toetst or (zetel == "rechter" and doel in RECHTER)
            assert doel in (*LOGDOELEN, *RECHTER)

    @pytest.mark.parametrize("categorie", sorted(BUNDEL.categorieen.keys() - {"auditregel"}))
    def test_it_shows_who_did_what_and_never_the_content(self, categorie: str) -> None:
        for spoor in BUNDEL.sporen:
            vraag = _vraag("privacy-officer", "logboek-lezen", spoor, categorie, LOGDOELEN[0], {})
            assert not isinstance(BELEID.toets(vraag), Permit)

    def test_who_is_charged_with_the_test_of_lawfulness(self, bundel: Bundel) -> None:
        toetsers = {zetel.id for zetel in bundel.zetels.values() if zetel.toetst}
        assert toetsers == {"privacy-officer", "coordinerend-fg", "auditor"}

    @given(ZETELS, DOELEN, omstandigheden())
    def test_reading_the_log_is_reading_nothing_else(self, zetel: str, doel: str, gegeven: dict[str, object]) -> None:
        for spoor in BUNDEL.sporen:
            assert not isinstance(BELEID.toets(_vraag(zetel, "lezen", spoor, "auditregel", doel, gegeven)), Permit)


class TestClocks:
    @given(st.dates(), st.integers(0, 28), st.integers(1, 12))
    def test_twenty_eight_days_are_always_within_a_month(self, dag: date, dagen: int, maanden: int) -> None:
        assert binnen_maanden(dag, dagen, maanden) or dagen >= dag.toordinal()

    @given(st.dates(), st.integers(32, 10_000))
    def test_thirty_two_days_are_never_within_a_month(self, dag: date, dagen: int) -> None:
        assert not binnen_maanden(dag, dagen, 1)

    @given(st.dates(), st.integers(-(2**31), 2**31), st.integers(-(2**31), 2**31))
    def test_odd_numbers_are_answered_and_a_longer_term_is_never_over_sooner(
        self, dag: date, dagen: int, maanden: int
    ) -> None:
        assert not binnen_maanden(dag, dagen, maanden) or binnen_maanden(dag, dagen, maanden + 1)

    @pytest.mark.parametrize(
        ("ontvangen", "uiterlijk"),
        [("2026-01-31", "2026-02-28"), ("2024-01-31", "2024-02-29"), ("2026-01-15", "2026-02-15")],
    )
    def test_a_month_ends_on_the_same_day_or_the_last(self, ontvangen: str, uiterlijk: str) -> None:
        begin, einde = date.fromisoformat(ontvangen), date.fromisoformat(uiterlijk)
        assert binnen_maanden(einde, (einde - begin).days, 1)
        assert not binnen_maanden(einde + timedelta(days=1), (einde - begin).days + 1, 1)


class TestFigures:
    @given(ZETELS, st.integers(-5, 9), omstandigheden("kleinste_cel"))
    def test_no_cell_under_ten_whatever_the_threshold(self, zetel: str, cel: int, gegeven: dict[str, object]) -> None:
        gegeven |= {"kleinste_cel": cel}
        for handeling in ("lezen", "lijsten", "statistiek-publiceren"):
            assert not isinstance(
                BELEID.toets(_vraag(zetel, handeling, "hub", "statistiek", "statistiek", gegeven)), Permit
            )

    @pytest.mark.parametrize(
        ("tijdvak", "jaren"),
        [("2015-2019", 5), ("2019", 1), ("2019-Q3", 0), ("2019-03", 0), ("2019-2015", 0), ("vorig jaar", 0)],
    )
    def test_years_of_a_table(self, tijdvak: str, jaren: int) -> None:
        assert tijdvak_jaren(tijdvak) == jaren


class TestEvents:
    def test_every_type_of_the_contract_follows_the_profile(self) -> None:
        soorten = [pad.stem for pad in (ROOT / "contracts" / "recorded").glob("nl.*.json")]
        assert soorten
        assert [soort for soort in soorten if not soort_volgens_profiel(soort)] == []

    @pytest.mark.parametrize("soort", ["SignaalGeregistreerd", "nl.signaal", "nl.overheid.Signaal", "nl.a.b.v1.2"])
    def test_what_is_no_reverse_domain_name_does_not(self, soort: str) -> None:
        assert not soort_volgens_profiel(soort)

    @pytest.mark.parametrize("tijd", ["2026-03-29T01:30:00", "2026-03-29", "01:30+01:00", "gisteren"])
    def test_a_time_without_a_zone_is_seen(self, tijd: str) -> None:
        assert not tijdzone_genoemd(tijd)

    @pytest.mark.parametrize("tijd", ["2026-03-29T01:30:00Z", "2026-03-29T01:30:00.5-03:00"])
    def test_any_zone_will_do(self, tijd: str) -> None:
        assert tijdzone_genoemd(tijd)
