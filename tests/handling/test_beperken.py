"""A restriction: new disclosures leave her out, old ones never grow, and an emergency goes before it."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.verstrekking import SignaalVerstrekt
from hub.domain.oordeel import Oordeel
from hub.domain.persoon import Persoon
from hub.domain.signaal import Bijdrage, Signaal
from hub.domain.verstrekking import Verstrekkingen, Voorstel
from hub.handling.beperken import REGEL, limited
from hub.handling.questions import PERSONAL

S, ANN, BEA, V = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
AVIM, COMENSHA = "politie.avim@oost-nederland", "comensha@landelijk"
NU = datetime(2026, 3, 2, 10, tzinfo=UTC)
CATEGORIES = ("identificerend", "bsn", "signaal-inhoud", "gezondheid")
persons = st.sets(st.sampled_from([ANN, BEA]))
categories = st.sets(st.sampled_from(CATEGORIES)).map(lambda found: tuple(sorted(found)))


def signal(of: set[UUID], restricted: set[UUID]) -> Signaal:
    own = Bijdrage(AVIM, frozenset(CATEGORIES), "8", {person: Persoon() for person in of})
    return Signaal(eigenaar=AVIM, bijdragen={S: own}, beperkt={V: tuple(restricted)} if restricted else {})


def judged(allowed: tuple[str, ...]) -> Oordeel:
    return Oordeel({AVIM: allowed} if allowed else {}, (), ("r",), (), (), (), None, "v1")


def before(held: tuple[str, ...], named: tuple[UUID, ...] | None) -> SignaalVerstrekt:
    voorstel = Voorstel(S, AVIM, COMENSHA, "bilateraal", "registratie-comensha")
    return SignaalVerstrekt(
        verstrekking_id=voorstel.verstrekking_id,
        signaal_id=S,
        ontvanger=COMENSHA,
        spoor="bilateraal",
        doel="registratie-comensha",
        categorieen=held,
        per_bron={AVIM: held},
        betrokkenen=named,
        regels=(),
        grondslagen=(),
        beleidsversie="v1",
        zetel=AVIM,
        tijdstip=NU,
    )


@given(of=persons, restricted=persons, asked=st.none() | persons.map(tuple), allowed=categories)
def test_nothing_new_names_or_describes_her(
    of: set[UUID], restricted: set[UUID], asked: tuple[UUID, ...] | None, allowed: tuple[str, ...]
) -> None:
    voorstel = Voorstel(S, AVIM, COMENSHA, "bilateraal", "registratie-comensha", betrokkenen=asked)
    then, left = limited(voorstel, judged(allowed), signal(of, restricted), Verstrekkingen())
    if not restricted:
        assert (then, left) == (voorstel, judged(allowed))
        return
    assert then.betrokkenen is not None
    assert not restricted & set(then.betrokkenen)
    assert set(left.categorieen) <= set(allowed) & PERSONAL
    assert then.betrokkenen or not left.categorieen
    assert (REGEL in left.weigerregels) is (set(left.categorieen) != set(allowed))
    assert set(left.categorieen) | set(left.geweigerd) == set(allowed)


@given(allowed=categories, held=categories, named=st.none() | persons.map(tuple))
def test_what_was_held_stays_and_never_grows(
    allowed: tuple[str, ...], held: tuple[str, ...], named: tuple[UUID, ...] | None
) -> None:
    given_before = before(held, named)
    state = Verstrekkingen(geldig={given_before.verstrekking_id: given_before})
    voorstel = Voorstel(S, AVIM, COMENSHA, "bilateraal", "registratie-comensha")
    then, left = limited(voorstel, judged(allowed), signal({ANN, BEA}, {ANN}), state)
    assert set(left.categorieen) == set(allowed) & set(held)
    assert then.betrokkenen == named


def test_an_emergency_goes_before_it() -> None:
    voorstel = Voorstel(S, AVIM, COMENSHA, "bilateraal", "veiligheid-slachtoffer", gebonden_aan=V, tot=NU)
    answer = judged(CATEGORIES)
    assert limited(voorstel, answer, signal({ANN}, {ANN}), Verstrekkingen()) == (voorstel, answer)
    reading = replace(voorstel, tot=None)
    assert limited(reading, answer, signal({ANN}, {ANN}), Verstrekkingen())[1].categorieen == ()
