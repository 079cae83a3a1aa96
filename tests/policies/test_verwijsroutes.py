"""The table of referral routes: what it gives per region, form and urgency, and what it refuses to load."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from contracts.codelijst import codelijst
from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, BeleidOngeldig, bouw_bundel, laad_bundel
from hub.access.pakket import pak_in
from hub.access.ruw import lees_pakket

OP = date(2026, 6, 1)
TABEL = "verwijsroutes.yaml"
URGENTIES = [waarde.code for waarde in codelijst("urgentie").waarden]


@pytest.fixture
def kopie(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BELEIDSMAP, tmp_path / "beleid"))


def _ids(beleid: Beleid, regio: str, vormen: set[str], urgentie: str, op: date = OP) -> list[str]:
    return [route.id for route in beleid.verwijsroutes(regio, vormen, urgentie, op)]


def test_danger_comes_first_then_the_region_then_the_form(beleid: Beleid) -> None:
    found = _ids(beleid, "ede", {"arbeidsuitbuiting"}, "acuut")
    assert found[:2] == ["landelijk-gevaar", "ede-spoed"]
    assert "landelijk-arbeid" in found
    assert "landelijk-spoed" not in found


def test_without_urgency_nobody_is_sent_to_112(beleid: Beleid) -> None:
    steps = [stap for route in beleid.verwijsroutes("ede", set(), "regulier", OP) for stap in route.stappen]
    assert steps
    assert all(stap.nummer is None for stap in steps)


def test_a_region_without_a_route_of_its_own_has_that_of_the_country(beleid: Beleid) -> None:
    assert "landelijk-regulier" in _ids(beleid, "den-haag", set(), "onbekend")
    assert "landelijk-regulier" not in _ids(beleid, "drenthe", set(), "onbekend")


@pytest.mark.parametrize("urgentie", URGENTIES)
def test_there_is_somebody_for_every_region_and_urgency(beleid: Beleid, urgentie: str) -> None:
    for regio in beleid.gebieden:
        assert _ids(beleid, regio, set(), urgentie)


def test_a_route_counts_from_its_day(beleid: Beleid) -> None:
    assert "zblw-alle" not in _ids(beleid, "zblw", set(), "regulier", date(2024, 12, 31))
    assert "zblw-alle" in _ids(beleid, "zblw", set(), "regulier", date(2025, 1, 1))


@pytest.mark.parametrize(
    ("oud", "nieuw", "reden"),
    [
        ("naar: [veilig-thuis], als", "naar: [veilig-huis], als", "onbekende zetel 'veilig-huis'"),
        ("vormen: [arbeidsuitbuiting]", "vormen: [arbeidsuitbuitin]", "onbekende uitbuitingsvorm 'arbeidsuitbuitin'"),
        ("regio: drenthe", "regio: drente", "onbekende regio 'drente'"),
        ("id: ede-regulier", "id: ede-spoed", "dit id staat er al"),
        ("{nummer: '112', als", "{als", "wijst niemand aan"),
        ("tempo: [spoed]", "tempo: []", "tempo is leeg"),
        ("tempo: [spoed]", "tempo: [snel]", "tempo: 'snel' kan hier niet"),
        (
            "geldig_vanaf: '2025-01-01'",
            "geldig_vanaf: '2025-01-01'\n    geldig_tot: '2024-01-01'",
            "niet na geldig_vanaf",
        ),
        ("regio: drenthe", "regio: drenthe\n    vangnet: true", "alleen een landelijke route is een vangnet"),
    ],
)
def test_a_wrong_table_does_not_load_and_says_where(kopie: Path, oud: str, nieuw: str, reden: str) -> None:
    pad = kopie / TABEL
    tekst = pad.read_text()
    assert oud in tekst
    pad.write_text(tekst.replace(oud, nieuw, 1))
    with pytest.raises(BeleidOngeldig) as gevangen:
        laad_bundel(kopie)
    (fout,) = [een for een in gevangen.value.fouten if reden in een]
    bestand, regel, _ = fout.split(":", 2)
    assert bestand == TABEL
    assert int(regel) > 1


def test_a_bundle_from_before_there_were_routes_loads_and_advises_nothing(kopie: Path) -> None:
    (kopie / TABEL).unlink()
    assert bouw_bundel(lees_pakket(pak_in(kopie))).verwijsroutes == ()
