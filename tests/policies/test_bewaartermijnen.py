"""The table of terms: what it says counts, and every fault in it keeps the policy from loading."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP, BeleidOngeldig
from hub.access.feiten import termijn_verstreken
from hub.domain.bewaartermijn import Duur, duur_van


@pytest.mark.parametrize(
    ("duur", "begin", "eind"),
    [
        ("P5Y", date(2026, 3, 2), date(2031, 3, 2)),
        ("P5Y", date(2024, 2, 29), date(2029, 3, 1)),
        ("P1Y", date(2027, 2, 28), date(2028, 2, 28)),
        ("P24M", date(2026, 12, 31), date(2028, 12, 31)),
        ("P1M", date(2026, 1, 31), date(2026, 3, 1)),
        ("P30D", date(2026, 1, 31), date(2026, 3, 2)),
        ("P0D", date(2026, 1, 31), date(2026, 1, 31)),
    ],
)
def test_a_term_ends_on_its_calendar_day(duur: str, begin: date, eind: date) -> None:
    assert duur_van(duur).na(begin) == eind


@pytest.mark.parametrize("text", ["5Y", "P5", "P-1Y", "PT5H", "P1Y2M", ""])
def test_another_way_to_write_a_term_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="geen duur"):
        duur_van(text)


@pytest.mark.parametrize("spoor", ["riec", "zvh"])
@pytest.mark.parametrize("begin", [date(2026, 3, 2), date(2024, 2, 29), date(2025, 12, 31)])
def test_what_is_destroyed_is_what_nobody_may_read_any_more(beleid: Beleid, spoor: str, begin: date) -> None:
    (longest,) = [one for one in beleid.bewaartermijnen.termijnen if one.maximum]
    over = longest.duur.na(begin)
    track = beleid._bundel.sporen[spoor]
    assert termijn_verstreken(track, over, begin.isoformat())
    assert not termijn_verstreken(track, date.fromordinal(over.toordinal() - 1), begin.isoformat())


def test_every_term_has_a_source_and_a_sentence(beleid: Beleid) -> None:
    assert all(one.bron and one.zin.endswith(".") for one in beleid.bewaartermijnen.termijnen)


def test_a_term_counts_within_its_dates(beleid: Beleid) -> None:
    terms = beleid.bewaartermijnen
    assert terms.voor("riec", "casus", date(2025, 2, 28)) == ()
    assert {one.id for one in terms.voor("riec", "casus", date(2025, 3, 1))} >= {"wgs-vijf-jaar", "wgs-niet-opgepakt"}
    assert terms.kortste_van("signaal") == Duur(maanden=12)


@pytest.mark.parametrize(
    ("oud", "nieuw", "reden"),
    [
        (
            "termijn: P5Y,\n     uitvoering: vanzelf",
            "termijn: P4Y,\n     uitvoering: vanzelf",
            "andere uiterste termijn",
        ),
        ("termijn: P1Y", "termijn: een jaar", "geen duur"),
        ("vanaf: niet-opgepakt", "vanaf: niet-opgepikt", "onbekende begin"),
        ("sporen: [intern]", "sporen: [inter]", "onbekende spoor"),
        ("sporen: [intern]", "sporen: [zvh]", "'intern' heeft geen enkele termijn"),
        ("id: intern-instelling", "id: zorg-instelling", "dit id staat er al"),
        ("niet-in-behandeling: niet", "niet-behandeld: niet", "onbekende sluitingsreden"),
        ("uitvoering: nooit", "uitvoering: ooit", "uitvoering"),
        ("maanden: 24, bron", "maanden: 24, bronn", "bronn"),
    ],
)
def test_a_fault_is_named_and_nothing_loads(tmp_path: Path, oud: str, nieuw: str, reden: str) -> None:
    map = Path(shutil.copytree(BELEIDSMAP, tmp_path / "beleid"))
    table = map / "bewaartermijnen.yaml"
    text = table.read_text()
    assert oud in text
    table.write_text(text.replace(oud, nieuw, 1))
    with pytest.raises(BeleidOngeldig) as faults:
        Beleid.laad(map)
    found = [fault for fault in faults.value.fouten if fault.startswith("bewaartermijnen.yaml:")]
    assert any(reden in fault for fault in found), faults.value.fouten
