"""Every fault of a bundle names its file, its line and what is wrong there."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, BeleidOngeldig
from tests.policies.regios import convenant, regiobestand


@pytest.fixture
def kopie(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BELEIDSMAP, tmp_path / "beleid"))


def fouten(map: Path, *, gevallen: bool = False, op: date | None = None) -> tuple[str, ...]:
    with pytest.raises(BeleidOngeldig) as gevangen:
        Beleid.laad(map, gevallen=gevallen, op=op)
    return gevangen.value.fouten


def _met_regio(map: Path, *convenanten: str) -> list[str]:
    (map / "convenanten" / "proefstad.yaml").write_text(regiobestand(*convenanten))
    return [fout for fout in fouten(map) if fout.startswith("convenanten/proefstad.yaml:")]


def _regel_met(map: Path, bestand: str, tekst: str) -> int:
    regels = (map / bestand).read_text().splitlines()
    return next(nummer for nummer, regel in enumerate(regels, 1) if tekst in regel)


def _vervang(bestand: str, oud: str, nieuw: str) -> Callable[[Path], tuple[str, str]]:
    def doe(map: Path) -> tuple[str, str]:
        pad = map / bestand
        assert oud in pad.read_text()
        pad.write_text(pad.read_text().replace(oud, nieuw, 1))
        return bestand, nieuw.splitlines()[-1]

    return doe


@pytest.mark.parametrize(
    ("maak_stuk", "reden"),
    [
        (
            _vervang("zetels.yaml", "    tafels: [riec-overleg, triage]", "    tafel: [triage]"),
            "onbekende sleutel 'tafel'",
        ),
        (_vervang("zetels.yaml", "  opsporing: true", "  opsporing: ja"), "opsporing: verwacht true of false"),
        (
            _vervang("zetels.yaml", "zvh: deelnemer,", "zvh: deelnemmer,"),
            "onbekende stand 'deelnemmer' (bedoeld: 'deelnemer'?)",
        ),
        (_vervang("sporen.yaml", "wet_vanaf: '2025-03-01'", "wet_vanaf: 2025-03-01"), "wet_vanaf: verwacht tekst"),
        (_vervang("sporen.yaml", "wet_vanaf: '2025-03-01'", "wet_vanaf: '2025-02-30'"), "'2025-02-30' is geen datum"),
        (_vervang("sporen.yaml", "bewaartermijn_jaren: 5", "bewaartermijn_jaren: '5'"), "verwacht een geheel getal"),
        (_vervang("register.yaml", "grondslag: WGS 2.17 en 2.23 lid 1", "grondslag: ''"), "grondslag past hier niet"),
        (_vervang("convenanten/breda.yaml", "soort: dpia", "soort: dpai"), "soort: 'dpai' kan hier niet"),
        (
            _vervang("convenanten/breda.yaml", "soort: dpia", "soort: dpia\n  soort: woning"),
            "sleutel 'soort' staat er twee keer",
        ),
        (
            _vervang("convenanten/tilburg.yaml", "  spoor: zvh", "  spoor: zvhh"),
            "convenant zvh-tilburg: onbekende spoor 'zvhh'",
        ),
        (
            _vervang("gevallen/eigen.yaml", "- id: E01", "- id: E01\n  vorn: neutraal"),
            "geval E01: onbekende sleutel 'vorn'",
        ),
        (_vervang("zetels.yaml", "politie.riut:", "null:"), "een sleutel is een woord of een getal"),
        (_vervang("nooit.yaml", "sporen: [riec]", "sporen: [riecc]"), "onbekend in sporen: 'riecc'"),
    ],
)
def test_fault_names_file_and_line(kopie: Path, maak_stuk: Callable[[Path], tuple[str, str]], reden: str) -> None:
    bestand, tekst = maak_stuk(kopie)
    gevonden = [fout for fout in fouten(kopie, gevallen=True) if reden in fout]
    genoemd = {int(re.match(rf"{bestand}:(\d+): ", fout)[1]) for fout in gevonden}  # type: ignore[index]
    afstand = min(abs(_regel_met(kopie, bestand, tekst) - nummer) for nummer in genoemd)
    # A never-rule is named by the line it begins on.
    assert afstand == 0 or bestand == "nooit.yaml"


def test_rule_is_named_by_the_line_it_begins_on(kopie: Path) -> None:
    pad = kopie / "zvh.cedar"
    pad.write_text(
        pad.read_text() + '\n// een proef; met een puntkomma\n@id("zvh-proef")\npermit (principal, action, resource);\n'
    )
    regel = _regel_met(kopie, "zvh.cedar", '@id("zvh-proef")')
    gevonden = fouten(kopie)
    assert f"zvh.cedar:{regel}: regel 'zvh-proef': @bron ontbreekt" in gevonden
    assert f"zvh.cedar:{regel}: regel 'zvh-proef': @zin ontbreekt" in gevonden


def test_rule_that_cannot_be_read_is_named_by_its_line(kopie: Path) -> None:
    pad = kopie / "zvh.cedar"
    pad.write_text(pad.read_text() + '\n@id("zvh-proef")\npermit (principal, action, resource) when { ; };\n')
    regel = _regel_met(kopie, "zvh.cedar", '@id("zvh-proef")')
    assert any(fout.startswith(f"zvh.cedar:{regel}: onleesbaar: ") for fout in fouten(kopie))


def test_file_that_does_not_belong_is_a_fault(kopie: Path) -> None:
    (kopie / "convenanten" / "breda.yml").write_text("[]")
    assert fouten(kopie) == ("convenanten/breda.yml:1: dit bestand hoort niet in een beleidsmap",)


def test_deep_or_endless_file_is_a_fault_and_does_no_harm(kopie: Path) -> None:
    (kopie / "sporen.yaml").write_text("[" * 100_000)
    lagen = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    lagen += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
    (kopie / "gronden.yaml").write_text(lagen)
    gevonden = " ".join(fouten(kopie))
    assert "sporen.yaml:1: onleesbaar: dieper dan" in gevonden
    assert "onleesbaar: te veel waarden" in gevonden


@pytest.mark.parametrize(
    ("convenanten", "reden"),
    [
        ([convenant("a", "'2020-01-01'", "'2019-01-01'")], "eindigt op 2019-01-01, voor het begin op 2020-01-01"),
        ([convenant("a"), convenant("a")], "overlapt in geldigheid met een andere versie van 'a'"),
        ([convenant("a", tot="'2020-01-01'"), convenant("a", "'2020-01-01'")], "overlapt in geldigheid"),
        (
            [convenant("a", tot="'2020-01-01'"), convenant("b", "'2019-01-01'", onder="a")],
            "hangt onder 'a', dat niet geldt",
        ),
        ([convenant("a", "'2020-01-01'"), convenant("b", partijen_van="a")], "hangt onder 'a', dat niet geldt"),
        ([convenant("a", onder="a")], "kringverwijzing: a -> a"),
        ([convenant("a", onder="b"), convenant("b", partijen_van="c"), convenant("c", onder="a")], "a -> b -> c -> a"),
        (
            [convenant("a", partijen="[veilig-thuis, {zetel: veilig-thuis, vanaf: '2020-01-01'}]")],
            "'veilig-thuis' overlapt",
        ),
        (
            [
                convenant(
                    "a", partijen="[{zetel: gemeente, gebieden: [noord]}, {zetel: gemeente, gebieden: [zuid, noord]}]"
                )
            ],
            "'gemeente' in noord overlapt met een ander lidmaatschap",
        ),
        (
            [convenant("a", tot="'2020-01-01'", partijen="[{zetel: ggz, tot: '2021-01-01'}]")],
            "valt buiten de geldigheid",
        ),
        ([convenant("a", partijen="[{zetel: ggz, vanaf: '2021-01-01', tot: '2020-01-01'}]")], "voor het begin op 2021"),
        ([convenant("a", partijen="[{zetel: gemeente.af-oov, gebieden: [oost]}]")], "onbekende gebied 'oost'"),
        ([convenant("a", partijen="[{zetel: verzonnen}]")], "onbekende zetel 'verzonnen'"),
        ([convenant("a", partijen="[{zetel: ggz, sinds: '2020-01-01'}]")], "onbekende sleutel 'sinds'"),
        ([convenant("a", partijen="[ggz]", niet_partijen="[ggz]")], "'ggz' is partij en staat bij niet_partijen"),
        ([convenant("a", historisch="true")], "is historisch en heeft geen einddatum"),
        ([convenant("a", regio="proefstadt")], "onbekende regio 'proefstadt' (bedoeld: 'proefstad'?)"),
    ],
)
def test_dates_and_delegations_of_a_covenant_are_examined(kopie: Path, convenanten: list[str], reden: str) -> None:
    assert any(reden in fout for fout in _met_regio(kopie, *convenanten))


@pytest.mark.parametrize(
    "convenanten",
    [
        [convenant("a", tot="'2020-01-01'"), convenant("a", "'2020-01-02'"), convenant("b", partijen_van="a")],
        [convenant("a", partijen="[{zetel: ggz, tot: '2020-01-01'}, {zetel: ggz, vanaf: '2020-01-02'}]")],
        [convenant("a", partijen="[{zetel: gemeente, gebieden: [noord]}, {zetel: gemeente, gebieden: [zuid]}]")],
        [convenant("a", partijen="[{zetel: gemeente.af-oov, gebieden: [ede]}]")],
    ],
)
def test_versions_and_memberships_that_follow_each_other_load(kopie: Path, convenanten: list[str]) -> None:
    (kopie / "convenanten" / "proefstad.yaml").write_text(regiobestand(*convenanten))
    assert Beleid.laad(kopie).convenanten("proefstad", date(2021, 6, 1))


def test_ended_covenant_says_that_it_is_history_on_the_day_of_activation(kopie: Path) -> None:
    pad = kopie / "convenanten" / "proefstad.yaml"
    pad.write_text(regiobestand(convenant("a", tot="'2025-12-31'")))
    assert Beleid.laad(kopie, op=date(2025, 12, 31))
    assert Beleid.laad(kopie), "a version in force goes on when a covenant of it ends"
    assert any("is verlopen op 2025-12-31" in fout for fout in fouten(kopie, op=date(2026, 1, 1)))
    pad.write_text(regiobestand(convenant("a", tot="'2025-12-31'", historisch="true")))
    assert Beleid.laad(kopie, op=date(2026, 1, 1))


def test_command_line_prints_every_fault_and_fails(kopie: Path) -> None:
    zetels = kopie / "zetels.yaml"
    zetels.write_text(zetels.read_text().replace("riec: deelnemer", "riec: lid", 1))
    plaats = _regel_met(kopie, "zetels.yaml", "riec: lid")
    _vervang("gevallen/eigen.yaml", "- id: E01", "- id: E01\n  vorn: neutraal")(kopie)
    check = [sys.executable, "-c", "from hub.cli import main; main()", "policies", "check", str(kopie)]
    klaar = subprocess.run(check, capture_output=True, text=True, check=False)
    assert klaar.returncode == 1
    assert f"zetels.yaml:{plaats}: zetel politie.avim: onbekende stand 'lid'" in klaar.stderr
    assert "geval E01: onbekende sleutel 'vorn'" in klaar.stderr
    assert "Traceback" not in klaar.stderr
