"""A bundle with anything unbound does not load, and says everything that is wrong with it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, BeleidOngeldig, Bundel

REGEL = """
@id("riec-proef")
@bron("proef")
@zin("Een proef.")
permit (principal, action == Action::"lezen", resource)
"""


@pytest.fixture
def kopie(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BELEIDSMAP, tmp_path / "beleid"))


def _fouten(map: Path) -> str:
    with pytest.raises(BeleidOngeldig) as gevangen:
        Beleid.laad(map)
    return "\n".join(gevangen.value.fouten)


def _erbij(bestand: str, tekst: str) -> Callable[[Path], None]:
    def doe(map: Path) -> None:
        pad = map / bestand
        pad.write_text(pad.read_text() + tekst)

    return doe


def _anders(bestand: str, oud: str, nieuw: str) -> Callable[[Path], None]:
    def doe(map: Path) -> None:
        pad = map / bestand
        tekst = pad.read_text()
        assert oud in tekst
        pad.write_text(tekst.replace(oud, nieuw, 1))

    return doe


def test_packaged_bundle_loads(beleid: Beleid) -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", beleid.versie)
    assert len(beleid.zetels) == 87
    assert {z.type for z in beleid.instanties.values()} <= beleid.zetels.keys()


@pytest.mark.parametrize(
    ("maak_stuk", "melding"),
    [
        (_erbij("riec.cedar", REGEL + 'when { context.zetel == "politie.verzonnen" };'), "'politie.verzonnen'"),
        (_erbij("riec.cedar", REGEL + 'when { principal == Zetel::"verzonnen" };'), "onbekende zetel 'verzonnen'"),
        (_erbij("riec.cedar", REGEL + 'when { resource == Gegeven::"riec:niets" };'), "onbekende categorie 'niets'"),
        (_erbij("riec.cedar", REGEL.replace("lezen", "gluren") + ";"), "onbekende handeling 'gluren'"),
        (_erbij("riec.cedar", REGEL + "when { context.verzonnen };"), "'riec-proef': past niet op"),
        (_erbij("riec.cedar", REGEL.replace('@bron("proef")\n', "") + ";"), "@bron ontbreekt"),
        (_erbij("riec.cedar", REGEL.replace('@zin("Een proef.")\n', "") + ";"), "@zin ontbreekt"),
        (_erbij("riec.cedar", REGEL.replace('@id("riec-proef")\n', "") + ";"), "@id ontbreekt"),
        (_erbij("riec.cedar", REGEL.replace("riec-proef", "riec-fase") + ";"), "'riec-fase': dit id staat ook in"),
        (_erbij("riec.cedar", REGEL.replace("riec-proef", "zorg-proef") + ";"), "begint niet met 'riec-'"),
        (_erbij("riec.cedar", '@vorm("stil")' + REGEL + ";"), "onbekende vorm 'stil'"),
        (_erbij("riec.cedar", '@verplichting("iets")' + REGEL + ";"), "onbekende verplichting 'iets'"),
        (_erbij("riec.cedar", "permit (principal"), "onleesbaar: unexpected end of input"),
        (_erbij("platform.cedar", REGEL.replace("riec-", "platform-") + ";"), "een platformregel geeft geen toegang"),
        (_anders("convenanten/breda.yaml", "dji,", "verzonnen,"), "convenant breda-dpia-rings: onbekende zetel"),
        (_anders("convenanten/breda.yaml", "regio: breda", "regio: verzonnen"), "onbekende regio 'verzonnen'"),
        (_anders("convenanten/breda.yaml", "'2013-01-01'", "'2013-13-01'"), "geldig_vanaf '2013-13-01' is geen datum"),
        (_anders("convenanten/breda.yaml", "id: riec-breda", "id: riec-2013"), "overlapt in geldigheid"),
        (_anders("convenanten/noord.yaml", "partijen_van: riec-2013", "partijen_van: x"), "onbekende convenant 'x'"),
        (_anders("convenanten/noord.yaml", "door: [ketenregisseur]", "door: [verzonnen]"), "zetel 'verzonnen'"),
        (_anders("convenanten/noord.yaml", "door: [ketenregisseur], ", ""), "door ontbreekt"),
        (_anders("convenanten/landelijk.yaml", "brug_naar: [zc.opvang,", "brug_naar: [verzonnen,"), "'verzonnen'"),
        (_anders("sporen.yaml", "verstrekken-aan-derde: &", "verstrekken-overal: &"), "'verstrekken-overal'"),
        (_anders("convenanten/tilburg.yaml", "[bestuurlijke-interventie]", "[iets]"), "onbekende doel 'iets'"),
        (_anders("categorieen.yaml", "bronnen: [ind]", "bronnen: [verzonnen]"), "onbekende bron 'verzonnen'"),
        (_anders("categorieen.yaml", "fase: 3,", "fasen: 3,"), "onbekende sleutel 'fasen'"),
        (_anders("categorieen.yaml", "fase: 3,", "fase: drie,"), "fase: 'drie' kan hier niet; wel 0, 1, 2 of 3"),
        (_anders("zetels.yaml", "riec: deelnemer", "riec: lid"), "onbekende stand 'lid'"),
        (_anders("instanties.yaml", "'00000099", "'00000001"), "is geen proefnummer van 20 cijfers"),
        (_anders("instanties.yaml", "nla@landelijk:", "verzonnen@landelijk:"), "onbekende zetel 'verzonnen'"),
        (_anders("sporen.yaml", "zvh:", "zvhh:"), "onbekende spoor zonder regels 'zvh'"),
        (_anders("register.yaml", "riec-deelnemer-dient-in", "riec-verzonnen"), "in': staat 0 keer in het register"),
        (_anders("register.yaml", "riec-deelnemer-dient-in", "riec-verzonnen"), "toestaat 'riec-verzonnen'"),
        (_anders("gronden.yaml", "van: [dtv]", "van: [verzonnen]"), "melding-terugkeer: onbekende zetel 'verzonnen'"),
        (_anders("gronden.yaml", "naar: [gi]", "naar: [verzonnen]"), "jeugdwet-gi: onbekende zetel 'verzonnen'"),
        (_anders("gronden.yaml", "fiod, fiu, om]", "verzonnen]"), "conflict-van-plichten: onbekende zetel 'verzonnen'"),
        (_anders("gronden.yaml", "[terugkeer]", "[iets]"), "melding-terugkeer: onbekende doel 'iets'"),
        (_anders("gronden.yaml", "[bestuurlijke-rapportage]", "[niets]"), "onbekende categorie 'niets'"),
        (_anders("gronden.yaml", "[vermoedelijk-slachtoffer]", "[dader]"), "onbekende rol van betrokkene 'dader'"),
        (_anders("gronden.yaml", "wpg-15:", "wpg-17:"), "wpg-17: onbekende regel 'bilateraal-wpg-17'"),
        (_anders("gronden.yaml", "wpg-15:", "geheim-blijft-dicht:"), "regel 'bilateraal-geheim-blijft-dicht'"),
        (_anders("gronden.yaml", "  behalve: &", "  uitgezonderd: &"), "onbekende sleutel 'uitgezonderd'"),
        (_anders("gronden.yaml", "  naar: [gi]\n", ""), "grond jeugdwet-gi: naar ontbreekt"),
        (lambda map: (map / "gronden.yaml").write_text(""), "gronden.yaml:1: lege tabel"),
        (lambda map: (map / "gronden.yaml").unlink(), "gronden.yaml:1: ontbreekt"),
        (lambda map: (map / "zetels.yaml").write_text(""), "zetels.yaml:1: lege tabel"),
        (lambda map: (map / "zetels.yaml").write_text("{"), "zetels.yaml:2: onleesbaar"),
        (lambda map: (map / "hub.cedarschema").unlink(), "hub.cedarschema:1: ontbreekt"),
        (lambda map: (map / "riec.cedar").unlink(), "riec.cedar:1: ontbreekt"),
    ],
)  # fmt: skip
def test_bundle_with_something_unbound_refuses_to_load_and_says_what(
    kopie: Path, maak_stuk: Callable[[Path], object], melding: str
) -> None:
    maak_stuk(kopie)
    assert melding in _fouten(kopie)


def test_empty_bundle_refuses_to_load(kopie: Path) -> None:
    for pad in kopie.glob("*.cedar"):
        pad.write_text("// niets\n")
    assert "leeg beleid" in _fouten(kopie)


def test_folder_that_does_not_exist_refuses_to_load(tmp_path: Path) -> None:
    assert "zetels.yaml:1: ontbreekt" in _fouten(tmp_path / "weg")


def test_all_faults_are_told_at_once(kopie: Path) -> None:
    _anders("zetels.yaml", "riec: deelnemer", "riec: lid")(kopie)
    _erbij("riec.cedar", REGEL.replace('@bron("proef")\n', "") + ";")(kopie)
    fouten = _fouten(kopie)
    assert "onbekende stand" in fouten
    assert "@bron ontbreekt" in fouten


def test_version_follows_every_file_that_can_change_an_answer(kopie: Path, beleid: Beleid) -> None:
    assert Beleid.laad(kopie).versie == beleid.versie
    _erbij("gevallen/eigen.yaml", "# anders\n")(kopie)
    assert Beleid.laad(kopie).versie == beleid.versie
    _erbij("convenanten/breda.yaml", "# anders\n")(kopie)
    assert Beleid.laad(kopie).versie != beleid.versie


def test_no_region_is_named_in_a_rule(bundel: Bundel) -> None:
    regios = bundel.woordenlijst["regios"] - {"landelijk"}
    for pad in BELEIDSMAP.glob("*.cedar"):
        regels = "\n".join(regel for regel in pad.read_text().splitlines() if not regel.startswith(("//", "@")))
        assert not [regio for regio in regios if re.search(rf"\b{regio}\b", regels)]


def test_one_number_belongs_to_one_organisation(beleid: Beleid) -> None:
    houders: dict[str, set[str]] = {}
    for zetel in beleid.instanties.values():
        assert zetel.id == f"{zetel.type}@{zetel.gebied}"
        assert zetel.label
        houders.setdefault(zetel.oin, set()).add(zetel.organisatie)
    assert all(len(namen) == 1 for namen in houders.values())
