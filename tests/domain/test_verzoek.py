"""Whatever is done to a request in whatever order: its clock is that of the law and its steps keep their order."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.message import Acted
from contracts.verzoek import (
    BeantwoordVerzoek,
    BeslisOpVerzoek,
    Betreft,
    Identiteit,
    IdentiteitVastgesteld,
    MeldGeenWeigeringsgrond,
    MeldVervalWeigeringsgrond,
    MeldWeigeringsgrond,
    OntvangVerzoek,
    RaadpleegDeelnemers,
    SluitVerzoek,
    StelIdentiteitVast,
    VerlengTermijn,
    VerzoekBeantwoord,
    VerzoekGeweigerd,
    VerzoekHeropend,
    WeigerVerzoek,
)
from hub.access.platformfeiten import binnen_maanden
from hub.domain import verzoek
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.verzoek import AVG, KLAAR, WPG, Afweging, Dossier, Klok, VerzoekEvent
from tests.domain.world import AVIM, NU, S1, ZC, ja

V, CP, LETTER = UUID(int=41), "contactpunt@oost-nederland", "d-strafbare-feiten"
DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
RECHTEN = ("inzage", "rectificatie", "wissing", "beperking", "bezwaar")
GROUND = MeldWeigeringsgrond(verzoek_id=V, letter=LETTER, afweging="er loopt iets")
STEPS = {
    "identiteit": StelIdentiteitVast(verzoek_id=V, middel="digid", identiteit=Identiteit(bsn="999900006")),
    "raadpleeg": RaadpleegDeelnemers(verzoek_id=V),
    "sluit": SluitVerzoek(verzoek_id=V, reden="ingetrokken"),
    "grond": GROUND,
    "geen grond": MeldGeenWeigeringsgrond(verzoek_id=V),
    "verval": MeldVervalWeigeringsgrond(verzoek_id=V),
    "verleng": VerlengTermijn(verzoek_id=V, maanden=1, motivering="veel bronnen"),
    "beslis": BeslisOpVerzoek(verzoek_id=V, besluit="toegewezen", motivering="juist"),
    "weiger": WeigerVerzoek(verzoek_id=V, deelnemer=AVIM, letter=LETTER, afweging="gaat voor"),
    "beantwoord": BeantwoordVerzoek(verzoek_id=V),
}


@given(DAYS, st.integers(0, 2), st.integers(0, 130))
def test_the_last_day_is_the_same_for_the_clock_and_for_the_policy(begin: date, months: int, after: int) -> None:
    op = begin + timedelta(days=after)
    assert (op <= Klok(AVG, begin, months).uiterlijk) is binnen_maanden(op, after, 1 + months)


@given(DAYS, st.integers(0, 2))
def test_an_answer_leaves_in_time(begin: date, months: int) -> None:
    klok = Klok(AVG, begin, months)
    assert begin < klok.verzenddag <= klok.uiterlijk
    assert Klok(WPG, begin).uiterlijk == begin + timedelta(weeks=6)


def follows(dossier: Dossier, what: str, zetel: str, days: int) -> list[VerzoekEvent]:
    nu = NU + timedelta(days=days)
    who, command = Acted(zetel, nu), STEPS[what]
    match command:
        case StelIdentiteitVast() | RaadpleegDeelnemers() | SluitVerzoek():
            about = [Betreft(zetel=seat, signaal_id=S1, betrokkenen=()) for seat in (AVIM, ZC)]
            return verzoek.decide(dossier, command, zetel, nu, about)
        case MeldWeigeringsgrond() | MeldGeenWeigeringsgrond() | MeldVervalWeigeringsgrond():
            return verzoek.deelnemer(dossier, command, zetel, nu)
        case VerlengTermijn():
            verzoek.check(dossier, command, zetel)
            return [verzoek.verleng(dossier, command, who, ja("verzoek-betrokkene"))]
        case BeslisOpVerzoek() | WeigerVerzoek() | BeantwoordVerzoek():
            verzoek.check(dossier, command, zetel)
            return [verzoek.besluit(command, who, Afweging(ja("verzoek-betrokkene")))]
    raise AssertionError(what)


@given(
    st.sampled_from(RECHTEN),
    st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from((CP, AVIM, ZC)), st.integers(0, 90)), max_size=25
    ),
)
def test_any_history_keeps_its_order_and_loads(recht: str, asked: list[tuple[str, str, int]]) -> None:
    command = OntvangVerzoek(verzoek_id=V, recht=recht, ontvangen_op=NU.date(), kanaal="post")
    history: list[VerzoekEvent] = [verzoek.ontvang(Dossier(), command, Acted(CP, NU), AVG, ja("verzoek-betrokkene"))]
    for what, zetel, days in asked:
        before = verzoek.replay(history)
        try:
            events = follows(before, what, zetel, days)
        except (Onbekend, Strijdig):
            continue
        for event in events:
            if isinstance(event, VerzoekBeantwoord | VerzoekGeweigerd):
                assert before.vastgesteld
                assert before.geraadpleegd is not None
                assert before.stand not in KLAAR
            if isinstance(event, VerzoekBeantwoord):
                assert not before.nog_niet_gehoord
                assert recht == "inzage" or before.besluit
            if isinstance(event, VerzoekHeropend):
                assert (before.stand, before.weigeraar) == ("geweigerd", event.zetel)
        history += events
    assert sum(isinstance(event, IdentiteitVastgesteld) for event in history) <= 1
    again = [type(event).model_validate_json(event.model_dump_json()) for event in history]
    assert verzoek.replay(history) == verzoek.replay(again)
