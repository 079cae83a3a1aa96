"""Whatever is asked in whatever order: access ends in time, nobody confirms or reviews alone, and history loads."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.noodtoegang import (
    BevestigNoodtoegang,
    NoodtoegangBevestigd,
    NoodtoegangGetoetst,
    NoodtoegangVerleend,
    NoodtoegangVervallen,
    ToetsNoodtoegang,
    VraagNoodtoegang,
)
from hub.domain import noodtoegang
from hub.domain.noodtoegang import Handelende, NoodtoegangEvent
from hub.domain.oordeel import Onbekend, Strijdig
from tests.domain.world import AVIM, NU, S1, ZC, ja

N = UUID(int=9)
PO = "privacy-officer@landelijk"
ACTORS = (
    Handelende(ZC, "nacht", "zorg"),
    Handelende(ZC, "dag", "zorg"),
    Handelende(AVIM, "recherche", "politie"),
    Handelende(PO, "toezicht", "toezicht"),
)
VRAAG = VraagNoodtoegang(
    noodtoegang_id=N, signaal_id=S1, categorieen=("identificerend",), reden="vannacht", gevaar="acuut", duur_uren=8
)
BEVESTIG = BevestigNoodtoegang(signaal_id=S1, noodtoegang_id=N)
TOETS = ToetsNoodtoegang(signaal_id=S1, noodtoegang_id=N, uitkomst="terecht", motivering="niet ruimer")
steps = st.lists(
    st.tuples(st.sampled_from(["vraag", "bevestig", "toets", "klok"]), st.sampled_from(ACTORS), st.integers(0, 30)),
    max_size=15,
)


def follows(history: list[NoodtoegangEvent], kind: str, actor: Handelende, nu: datetime) -> list[NoodtoegangEvent]:
    state = noodtoegang.replay(history)
    match kind:
        case "vraag":
            return [noodtoegang.vraag(state, VRAAG, actor, nu, ja("identificerend"), (PO,), "zorg-en-registratie")]
        case "bevestig":
            return noodtoegang.decide(state, BEVESTIG, actor, nu)
        case "toets":
            return noodtoegang.decide(state, TOETS, actor, nu)
        case _:
            return [event for known in state.bekend.values() for event in noodtoegang.verlopen(known, nu, "hub")]


@given(steps)
def test_any_history_keeps_the_promises_of_emergency_access(asked: list[tuple[str, Handelende, int]]) -> None:
    history: list[NoodtoegangEvent] = []
    for kind, actor, hours in asked:
        try:
            history += follows(history, kind, actor, NU + timedelta(hours=hours))
        except (Onbekend, Strijdig):
            continue
    granted = [event for event in history if isinstance(event, NoodtoegangVerleend)]
    assert len(granted) <= 1
    for event in granted:
        assert event.tot - event.tijdstip <= timedelta(hours=24)
        confirmed = [one for one in history if isinstance(one, NoodtoegangBevestigd)]
        assert all(one.bevestiger != event.aanvrager for one in confirmed)
        assert all(one.tijdstip < event.bevestigen_voor for one in confirmed)
        assert len(confirmed) <= 1
    assert all(one.zetel == PO for one in history if isinstance(one, NoodtoegangGetoetst))
    lapsed = [one.reden for one in history if isinstance(one, NoodtoegangVervallen)]
    assert len(lapsed) == len(set(lapsed))
    again = [type(event).model_validate_json(event.model_dump_json()) for event in history]
    assert noodtoegang.replay(history) == noodtoegang.replay(again)
