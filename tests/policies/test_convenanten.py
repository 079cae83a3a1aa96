"""What differs per region is data: parties with areas and days, tables with ages, and a region is a file."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, Bundel
from hub.access.permit import Permit
from hub.access.tonen import convenanttekst
from hub.access.verzoek import Verzoek
from tests.policies.regios import convenant, regiobestand

VRAAG = Verzoek(
    zetel="gemeente.af-oov@noord",
    rol="aandachtsfunctionaris",
    handeling="lezen",
    spoor="zorg-en-registratie",
    regio="proefstad",
    datum=date(2026, 6, 1),
    categorie="signaal-inhoud",
    bron_zetel="politie.avim@proefstad",
    fase=0,
    doel="veiligheid-slachtoffer",
    betrokkene_rol="vermoedelijk-slachtoffer",
    omstandigheden={"casus_lid": True, "convenant": "regionaal"},
)
LEDEN = (
    "[politie.avim, zc.opvang, {zetel: gemeente.af-oov, gebieden: [noord], vanaf: '2026-01-01'},"
    " {zetel: gemeente.af-oov, gebieden: [zuid], tot: '2025-12-31'}]"
)


@pytest.fixture(scope="module")
def kopie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(BELEIDSMAP, tmp_path_factory.mktemp("regio") / "beleid"))


def _met(kopie: Path, *convenanten: str) -> Beleid:
    (kopie / "convenanten" / "proefstad.yaml").write_text(regiobestand(*convenanten))
    return Beleid.laad(kopie)


def _mag(beleid: Beleid, vraag: Verzoek, **omstandigheden: object) -> bool:
    samen = {**vraag.omstandigheden, **omstandigheden}
    return isinstance(beleid.toets(replace(vraag, omstandigheden=samen)), Permit)


def test_adding_a_region_is_adding_a_file(kopie: Path, beleid: Beleid) -> None:
    proefstad = _met(kopie, convenant("proefstad-zorg", partijen=LEDEN))
    assert not _mag(beleid, VRAAG), "a region nobody described is not known"
    assert _mag(proefstad, VRAAG)
    assert _mag(proefstad, replace(VRAAG, zetel="zc.opvang@proefstad"))
    assert not _mag(proefstad, replace(VRAAG, zetel="veilig-thuis@proefstad"))
    elders = replace(VRAAG, regio="oost-brabant", zetel="gemeente.af-oov@eindhoven")
    assert _mag(proefstad, elders) == _mag(beleid, elders)


def test_municipality_that_did_not_sign_gets_nothing(kopie: Path) -> None:
    beleid = _met(kopie, convenant("proefstad-zorg", partijen=LEDEN))
    for zetel in ("gemeente.af-oov@zuid", "gemeente.af-oov@ede", "gemeente.af-oov"):
        assert not _mag(beleid, replace(VRAAG, zetel=zetel))


def test_membership_counts_on_its_own_days(kopie: Path) -> None:
    beleid = _met(kopie, convenant("proefstad-zorg", partijen=LEDEN))
    eind, begin = replace(VRAAG, datum=date(2025, 12, 31)), replace(VRAAG, datum=date(2026, 1, 1))
    assert not _mag(beleid, eind)
    assert _mag(beleid, begin)
    assert _mag(beleid, replace(eind, zetel="gemeente.af-oov@zuid"))
    assert not _mag(beleid, replace(begin, zetel="gemeente.af-oov@zuid"))


def test_group_is_party_only_in_its_areas(kopie: Path) -> None:
    beleid = _met(kopie, convenant("proefstad-zorg", partijen="[{zetel: gemeente, gebieden: [noord]}, politie.avim]"))
    assert _mag(beleid, VRAAG)
    assert not _mag(beleid, replace(VRAAG, zetel="gemeente.af-oov@zuid"))


def test_parties_of_another_covenant_follow_its_versions(kopie: Path) -> None:
    beleid = _met(
        kopie,
        convenant("boven", tot="'2025-12-31'", spoor="null", partijen="[zc.opvang]"),
        convenant("boven", "'2026-01-01'", spoor="null", partijen="[{zetel: gemeente.af-oov, gebieden: [noord]}]"),
        convenant("onder", partijen="[politie.avim]", partijen_van="boven"),
    )
    eerst = replace(VRAAG, datum=date(2025, 12, 31))
    assert _mag(beleid, replace(eerst, zetel="zc.opvang@noord"))
    assert not _mag(beleid, eerst)
    assert _mag(beleid, VRAAG)
    assert not _mag(beleid, replace(VRAAG, zetel="zc.opvang@noord"))


def test_table_for_minors_is_no_table_for_adults(kopie: Path) -> None:
    tafels = (
        "[{id: jong, persoonsgegevens: ja, leeftijd: 18-}, {id: oud, persoonsgegevens: ja, leeftijd: 18+},"
        " {id: samen, persoonsgegevens: ja}, {id: beleid, persoonsgegevens: nee}]"
    )
    beleid = _met(kopie, convenant("proefstad-zorg", partijen=LEDEN, tafels=tafels))
    kind = replace(VRAAG, minderjarig=True)
    assert [_mag(beleid, kind, tafel=tafel) for tafel in ("jong", "oud", "samen", "beleid")] == [
        True,
        False,
        True,
        False,
    ]
    assert [_mag(beleid, VRAAG, tafel=tafel) for tafel in ("jong", "oud", "samen", "beleid")] == [
        False,
        True,
        True,
        False,
    ]


def test_every_contradiction_keeps_all_readings_with_their_sources(bundel: Bundel) -> None:
    gevonden = [t for convenant in bundel.convenanten for t in convenant.tegenstrijdigheden]
    assert len(gevonden) >= 15
    for tegenspraak in gevonden:
        assert len(tegenspraak.lezingen) >= 2
        assert all(zegt and bron for zegt, bron in tegenspraak.lezingen)


def test_rings_of_a_covenant_are_known_to_the_hub(beleid: Beleid) -> None:
    breda = {c.id: c for c in beleid.convenanten("breda", date(2021, 6, 1))}
    ringen = breda["breda-dpia-rings"].ringen
    assert "veilig-thuis" in ringen["primair"]
    assert "woningcorporatie" in ringen["secundair"]
    assert not ringen["primair"] & ringen["secundair"]


def test_a_covenant_is_shown_with_everything_the_sources_leave_open(bundel: Bundel) -> None:
    for convenant_ in bundel.convenanten:
        tekst = "\n".join(convenanttekst(convenant_))
        genoemd = {*convenant_.alle_partijen, *convenant_.leemten, *convenant_.bronnen, *convenant_.tafels}
        genoemd |= {lezing for t in convenant_.tegenstrijdigheden for paar in t.lezingen for lezing in paar}
        genoemd |= {tekst for teksten in convenant_.toelichting.values() for tekst in teksten}
        assert not [deel for deel in genoemd if deel not in tekst]
        assert not convenant_.keuze or convenant_.keuze in tekst


def test_packaged_folder_is_ready_to_be_activated_today() -> None:
    assert Beleid.laad(op=date(2026, 11, 21))
