"""The decision cases are part of the bundle: it loads only when each of them is answered as it must."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, BeleidOngeldig
from hub.access.ruw import lees_map

LOSSE_REGEL = """
@id("riec-proef")
@bron("proef")
@zin("Een proef.")
forbid (principal, action == Action::"lezen", resource)
when { context.zetel == "burger" && context.bron == "burger" && context.laag == 7 };
"""


@pytest.fixture
def kopie(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BELEIDSMAP, tmp_path / "beleid"))


def _vervang(bestand: str, oud: str, nieuw: str) -> Callable[[Path], None]:
    def doe(map: Path) -> None:
        pad = map / bestand
        assert oud in pad.read_text()
        pad.write_text(pad.read_text().replace(oud, nieuw, 1))

    return doe


def _erbij(bestand: str, tekst: str) -> Callable[[Path], None]:
    def doe(map: Path) -> None:
        pad = map / bestand
        pad.write_text(pad.read_text() + tekst)

    return doe


def test_packaged_bundle_answers_every_case_as_it_must(beleid: Beleid) -> None:
    assert Beleid.laad(gevallen=True).versie == beleid.versie


@pytest.mark.parametrize(
    ("maak_stuk", "bestand", "reden"),
    [
        (
            _vervang("gevallen/k-35-45-covenants-2013.yaml", "verwacht: toegestaan", "verwacht: geweigerd"),
            "gevallen/k-35-45-covenants-2013.yaml:",
            "geval K35-01a: moet zijn geweigerd; Toegestaan.",
        ),
        (
            _vervang("gevallen/k-35-45-covenants-2013.yaml", "verwacht: toegestaan", "verwacht: geweigerd"),
            "gevallen/k-35-45-covenants-2013.yaml:",
            "paar 'K35-01' is niet een toegestaan en een geweigerd geval",
        ),
        (
            _vervang("gevallen/v-views.yaml", "zichtbaar: [", "zichtbaar: [etniciteit, "),
            "gevallen/v-views.yaml:",
            "masker verschilt in ['etniciteit']",
        ),
        (_erbij("riec.cedar", LOSSE_REGEL), "riec.cedar:", "regel 'riec-proef': beslist geen enkel geval"),
        (
            _erbij("gevallen/nog_niet.yaml", "K35: [K35-01a]\n"),
            "gevallen/nog_niet.yaml:",
            "slaagt en hoort hier niet meer",
        ),
        (_erbij("gevallen/nog_niet.yaml", "K35: [K35-00]\n"), "gevallen/nog_niet.yaml:", "onbekend geval 'K35-00'"),
        (
            _vervang("gevallen/eigen.yaml", "als: D31-01a", "als: D31-00"),
            "gevallen/eigen.yaml:",
            "onbekend geval 'D31-00'",
        ),
        (_vervang("gevallen/eigen.yaml", "id: E02", "id: E01"), "gevallen/eigen.yaml:", "dit id komt vaker voor"),
        (
            _vervang(
                "gevallen/k-01-20-tables.yaml", "convenant: casuistiekoverleg-18-amsterdam", "convenant: verzonnen"
            ),
            "gevallen/k-01-20-tables.yaml:",
            "onbekend convenant 'verzonnen'",
        ),
        (
            _vervang(
                "convenanten/amsterdam.yaml",
                "geldig_vanaf: null\n  geldig_tot: null",
                "geldig_vanaf: null\n  geldig_tot: '2015-01-01'",
            ),
            "gevallen/k-01-20-tables.yaml:",
            "rust op convenant 'casuistiekoverleg-18-amsterdam', dat op",
        ),
        (lambda map: shutil.rmtree(map / "gevallen"), "gevallen/:1:", "geen enkel beslisgeval"),
    ],
)
def test_bundle_that_does_not_answer_its_cases_refuses_to_load(
    kopie: Path, maak_stuk: Callable[[Path], object], bestand: str, reden: str
) -> None:
    maak_stuk(kopie)
    with pytest.raises(BeleidOngeldig) as gevangen:
        Beleid.laad(kopie, gevallen=True)
    assert [fout for fout in gevangen.value.fouten if fout.startswith(bestand) and reden in fout]


def test_a_case_that_is_not_met_yet_may_wait_on_the_list(kopie: Path) -> None:
    _vervang("gevallen/eigen.yaml", "  verwacht: geweigerd", "  verwacht: toegestaan")(kopie)
    with pytest.raises(BeleidOngeldig):
        Beleid.laad(kopie, gevallen=True)
    _erbij("gevallen/nog_niet.yaml", "D31: [E01]\n")(kopie)
    assert Beleid.laad(kopie, gevallen=True)


def test_faults_of_tables_and_of_cases_are_told_together(kopie: Path) -> None:
    _vervang("zetels.yaml", "riec: deelnemer", "riec: lid")(kopie)
    _vervang("gevallen/eigen.yaml", "id: E02", "id: E01")(kopie)
    with pytest.raises(BeleidOngeldig) as gevangen:
        Beleid.laad(kopie, gevallen=True)
    assert {fout.partition(":")[0] for fout in gevangen.value.fouten} == {"zetels.yaml", "gevallen/eigen.yaml"}


def test_cases_and_never_rules_are_signed_and_do_not_decide(kopie: Path) -> None:
    eerst = lees_map(kopie)
    _erbij("gevallen/eigen.yaml", "# anders\n")(kopie)
    met_geval = lees_map(kopie)
    _erbij("nooit.yaml", "# anders\n")(kopie)
    met_nooit = lees_map(kopie)
    _erbij("convenanten/breda.yaml", "# anders\n")(kopie)
    met_convenant = lees_map(kopie)
    assert eerst.versie == met_geval.versie == met_nooit.versie != met_convenant.versie
    assert len({ruw.pakket for ruw in (eerst, met_geval, met_nooit, met_convenant)}) == 4
