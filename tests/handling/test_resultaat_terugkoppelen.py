"""Who holds a result reports on it each year, and who does not is late. Source: WGS art. 1.7 lid 4."""

import pytest

from contracts.resultaat import KoppelResultaatTerug, MaakResultaat, Onderdeel
from hub.domain.plicht import OPEN, TE_LAAT, VERVULD
from tests.handling.executing import AVIM, COLLEGE, OVJ, TAX, id_of, riec_case
from tests.handling.plichtwereld import Plichtenwereld

EERST, DAARNA = "resultaat-terugkoppelen", "resultaat-opnieuw-terugkoppelen"
R = id_of("resultaat")


@pytest.fixture
def wereld() -> Plichtenwereld:
    """A case whose participants hold a result."""
    wereld = Plichtenwereld()
    riec_case(wereld.world, "zaak", COLLEGE, TAX, OVJ, fase=2)
    advice = Onderdeel(categorie="interventieadvies", tekst="sluit het pand")
    made = MaakResultaat(
        casus_id=id_of("zaak"), resultaat_id=R, signalen=(id_of("zaak-signaal"),), onderdelen=(advice,)
    )
    wereld.ask(COLLEGE, made)
    wereld.run()
    return wereld


def owed(wereld: Plichtenwereld, code: str) -> dict[str, str]:
    return {one.begin.plichthouder: one.status for one in wereld.all() if one.begin.plicht == code}


def test_every_recipient_owes_its_own_report_and_the_maker_none(wereld: Plichtenwereld) -> None:
    holders = {AVIM, OVJ, TAX}
    assert set(owed(wereld, EERST)) <= holders
    assert owed(wereld, EERST)
    assert COLLEGE not in owed(wereld, EERST)
    assert set(owed(wereld, EERST).values()) == {OPEN}


def test_a_report_of_one_is_not_that_of_another_and_is_due_again_a_year_later(wereld: Plichtenwereld) -> None:
    one, *others = sorted(owed(wereld, EERST))
    wereld.ask(one, KoppelResultaatTerug(resultaat_id=R, status="gegeven", bericht="gesloten"), op=30)
    wereld.run(30)
    assert owed(wereld, EERST) == {one: VERVULD} | dict.fromkeys(others, OPEN)
    assert owed(wereld, DAARNA) == {one: OPEN}
    wereld.run(370)
    assert owed(wereld, EERST) == {one: VERVULD} | dict.fromkeys(others, TE_LAAT)
    assert owed(wereld, DAARNA) == {one: OPEN}
    wereld.run(30 + 366)
    assert owed(wereld, DAARNA) == {one: TE_LAAT}
