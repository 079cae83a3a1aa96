"""The table of duties: what it says counts, and every fault in it keeps the policy from loading."""

import shutil
from pathlib import Path

import pytest

from contracts.register import EVENTS
from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, BeleidOngeldig

NAAM = "plichten.yaml"


def with_change(folder: Path, old: str, new: str) -> str:
    shutil.copytree(BELEIDSMAP, folder / "beleid")
    path = folder / "beleid" / NAAM
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(BeleidOngeldig) as refused:
        Beleid.laad(folder / "beleid")
    return "\n".join(refused.value.fouten)


def test_every_duty_has_a_source_and_a_sentence_and_can_be_met(beleid: Beleid) -> None:
    for one in beleid.plichtregels.regels:
        assert one.bron
        assert one.zin.endswith(".")
        assert one.vervuld_door or one.zelf_melden


def test_the_events_that_touch_a_duty_are_found_by_their_name(beleid: Beleid) -> None:
    found = beleid.plichtregels.per_gebeurtenis
    assert found.keys() <= EVENTS.keys()
    assert {one.id for one in found["nl.overheid.mensenhandel.regie-overgedragen.v1"]} == {"regie-beleggen"}


@pytest.mark.parametrize(
    ("oud", "nieuw", "reden"),
    [
        ("{gebeurtenis: regie-overgedragen}", "{gebeurtenis: regie-overgedrage}", "onbekende gebeurtenis 'regie-overg"),
        ("als: {dublin: [false]}", "als: {dublijn: [false]}", "bedenktijd-begonnen heeft geen open veld 'dublijn'"),
        ("als: {dublin: [false]}", "als: {dublin: []}", "dublin past hier niet"),
        (
            "gebeurtenis: signaal-niet-gedeeld}",
            "gebeurtenis: signaal-niet-gedeeld, als: {motivering: [x]}}",
            "'motivering'",
        ),
        ("feiten: [vermoedelijk-slachtoffer]", "feiten: [slachtoffer]", "onbekende feit 'slachtoffer'"),
        ("als: {zetel: [politie, kmar, nla]}", "als: {zetel: [politie, kmarr, nla]}", "onbekende zetel 'kmarr'"),
        ("aan: [privacy-officer]", "aan: [privacy-office]", "onbekende zetel 'privacy-office'"),
        ("zetels: [coa]", "zetels: [cao]", "onbekende zetel 'cao'"),
        ("spoor: hub", "spoor: hubs", "onbekende spoor 'hubs'"),
        ("wie: uitvoerder", "wie: interventie_id", "'interventie_id' is geen zetel"),
        ("op: gereed_op", "op: eigenaar", "'eigenaar' is geen dag"),
        ("op: gereed_op", "op: actie", "geen open veld 'actie'"),
        ("deel: volgnummer", "deel: venster", "geen open veld 'venster'"),
        ("vernietiging-beoordeeld, onderwerp: onderwerp_id", "vernietiging-beoordeeld", "geen open veld 'casus_id'"),
        ("termijn: {duur: P7D}", "termijn: {duur: PT7H}", "geen duur in hele dagen"),
        ("termijn: {duur: P7D}", "termijn: {}", "noemt geen duur en geen dag"),
        ("{voor: P2D}", "{voor: P2D, na: P2D}", "een van beide"),
        ("herhaal: {elke: P1M,", "wie: zetel\n    herhaal: {elke: P1M,", "wie past niet"),
        ("herhaal: {elke: P1M,", "herhaal: {elke: P0D,", "zonder tussentijd"),
        ("id: regie-beleggen", "id: comensha-melden", "dit id staat er al"),
        ("id: regie-beleggen", "identiteit: regie-beleggen", "onbekende sleutel 'identiteit'"),
        ("bron: RO 124", "eigen: true", "sleutel 'eigen' staat er twee keer"),
        ("    wie: naar\n", "", "wie ontbreekt"),
        ("geldig_vanaf: '2023-05-19'", "geldig_vanaf: '2023-05-19'\n    geldig_tot: '2023-05-18'", "voor het begin"),
        ("    vervuld_door:\n      - {gebeurtenis: brugbericht-bevestigd}\n", "", "niets vervult deze plicht"),
    ],
)
def test_a_table_with_a_fault_never_loads(tmp_path: Path, oud: str, nieuw: str, reden: str) -> None:
    faults = with_change(tmp_path, oud, nieuw)
    assert reden in faults
    assert any(line.startswith(f"{NAAM}:") and line.split(":")[1].isdigit() for line in faults.splitlines())


def test_two_versions_of_a_duty_follow_each_other(tmp_path: Path) -> None:
    shutil.copytree(BELEIDSMAP, tmp_path / "beleid")
    path = tmp_path / "beleid" / NAAM
    text = path.read_text()
    begin = text.index("  - id: brugbericht-bevestigen")
    row = text[begin : text.index("  - id: actie-opvolgen")]
    ended = row.replace("geldig_vanaf: '2021-01-01'", "geldig_vanaf: '2021-01-01'\n    geldig_tot: '2027-01-01'")
    later = row.replace("geldig_vanaf: '2021-01-01'", "geldig_vanaf: '2027-01-01'")
    path.write_text(text.replace(row, ended + later))
    found = [one for one in Beleid.laad(tmp_path / "beleid").plichtregels.regels if one.id == "brugbericht-bevestigen"]
    assert [one.geldig_tot is None for one in found] == [False, True]
