"""What each seat sees of cases, sessions, consents and refusals."""

from __future__ import annotations

from collections.abc import Callable

import orjson
import pytest

from contracts.casus import (
    BesluitVastgelegd,
    CasusGeopend,
    CriteriaBeoordeeld,
    DeelnemersBepaald,
    EmbargoGesteld,
    FaseGewijzigd,
    HandelingGeweigerd,
    SignaalGekoppeld,
)
from contracts.inhoud import Criterium
from contracts.message import Event
from contracts.overleg import ActieAfgesproken, DeelnemerBinnengekomen, DeelnemerVertrokken, OverlegGeopend
from contracts.signaal import SignaalGeweigerd
from contracts.toestemming import ToestemmingGegeven, ToestemmingIngetrokken
from hub.views.projector import Projector
from hub.views.read import Views
from tests.views.kluis import Kluis
from tests.views.verhaal import GEMEENTE, OM, POLITIE, ZORG, geregistreerd, id_of, reader, recorded, verstrekt, wie

C, S, OVERLEG, T = id_of("c"), id_of("s"), id_of("o"), id_of("t")
Happened = Callable[..., None]


@pytest.fixture
def happened(dsn: str, kluis: Kluis) -> Happened:
    """All that happened, projected event by event."""

    def run(*events: Event) -> None:
        projector = Projector(dsn, reader(recorded(events)), kluis, batch=1)
        projector.rebuild(lambda position, head: None, len(events))
        projector.close()

    return run


def opened(zetel: str = GEMEENTE) -> CasusGeopend:
    """A case."""
    return CasusGeopend(
        casus_id=C, spoor="riec", regio="oost-nederland", doel="bestrijding", vorm="onbekend", **wie(zetel)
    )


def named(*zetels: str) -> DeelnemersBepaald:
    """Its participants."""
    return DeelnemersBepaald(casus_id=C, deelnemers=zetels, niet_toegelaten=(ZORG,), **wie(GEMEENTE, 1))


def test_only_participants_know_of_a_case(views: Views, happened: Happened) -> None:
    happened(opened(), named(GEMEENTE, OM))
    case = views.casus(OM, C)
    assert case is not None
    assert case["deelnemers"] == [GEMEENTE, OM]
    assert case["inhoud"] == {"vorm": "onbekend"}
    assert [entry["soort"] for entry in case["tijdlijn"]] == ["CasusGeopend", "DeelnemersBepaald"]
    assert "niet_toegelaten" not in case["tijdlijn"][1]
    assert views.casus(POLITIE, C) is None
    assert views.casussen(POLITIE).items == []
    assert [item["casus_id"] for item in views.casussen(GEMEENTE).items] == [str(C)]


def test_who_leaves_loses_the_case_and_who_comes_back_has_it_whole(views: Views, happened: Happened) -> None:
    story = [opened(), named(GEMEENTE, OM), FaseGewijzigd(casus_id=C, fase=1, **wie(GEMEENTE, 2)), named(GEMEENTE)]
    happened(*story)
    assert views.casus(OM, C) is None
    happened(*story, named(GEMEENTE, OM))
    back = views.casus(OM, C)
    assert back is not None
    assert [entry["volgnummer"] for entry in back["tijdlijn"]] == [1, 2, 3, 4, 5]


def test_words_of_criteria_and_embargo_stay_with_their_author(views: Views, happened: Happened) -> None:
    happened(
        opened(),
        named(GEMEENTE, OM),
        CriteriaBeoordeeld(
            casus_id=C,
            criteria=(Criterium(letter="a", voldaan=True, toelichting="criterium-kanarie"),),
            **wie(GEMEENTE, 2),
        ),
        EmbargoGesteld(casus_id=C, motivering="embargo-kanarie", herbezie_op="2026-09-01", **wie(OM, 3)),
        BesluitVastgelegd(casus_id=C, besluit="besluit-tekst", **wie(OM, 4)),
    )
    seen = {zetel: orjson.dumps(views.casus(zetel, C)).decode() for zetel in (GEMEENTE, OM)}
    assert "embargo-kanarie" in seen[OM]
    assert "embargo-kanarie" not in seen[GEMEENTE]
    assert '"embargo":true' in seen[GEMEENTE]
    assert "criterium-kanarie" in seen[GEMEENTE]
    assert "criterium-kanarie" not in seen[OM]
    assert '"letter":"a"' in seen[OM]
    assert "besluit-tekst" in seen[GEMEENTE]


def test_a_case_shows_the_contributions_its_participant_holds_in_it(views: Views, happened: Happened) -> None:
    happened(
        geregistreerd("s", GEMEENTE, "a"),
        opened(),
        SignaalGekoppeld(casus_id=C, signaal_id=S, **wie(GEMEENTE, 1)),
        named(GEMEENTE, OM),
        verstrekt("s", OM, "identificerend", casus="c", door=GEMEENTE),
    )
    own, held = views.casus(GEMEENTE, C), views.casus(OM, C)
    assert own is not None
    assert held is not None
    assert own["bijdragen"][0]["bijdragen"][0]["inhoud"]["melder"]
    (contribution,) = held["bijdragen"]
    assert contribution["zetel"] == GEMEENTE
    assert "naam-a" in orjson.dumps(contribution).decode()
    assert "toelichting-kanarie" not in orjson.dumps(held).decode()


def test_consent_is_known_to_its_seat_and_that_it_exists_to_the_named(views: Views, happened: Happened) -> None:
    consent = {"toestemming_id": T, "signaal_id": S}
    given = {"door": "slachtoffer", "vorm": "mondeling", "ontvangers": (GEMEENTE,), "toelichting": "kanarie"}
    happened(
        geregistreerd("s", ZORG, "a"),
        ToestemmingGegeven(**consent, **given, betrokkene_id=id_of("a"), **wie(ZORG)),
        ToestemmingIngetrokken(**consent, **wie(ZORG, 2)),
    )
    (own,), (told,) = views.toestemmingen(ZORG).items, views.toestemmingen(GEMEENTE).items
    assert own["inhoud"]["toelichting"] == "kanarie"
    assert told["status"] == "ingetrokken"
    assert "inhoud" not in told
    assert str(id_of("a")) not in orjson.dumps(told).decode()
    assert views.toestemmingen(OM).items == []


def test_a_seat_hears_what_was_agreed_while_it_was_in_the_room(views: Views, happened: Happened) -> None:
    def agreed(text: str, minute: int) -> ActieAfgesproken:
        return ActieAfgesproken(overleg_id=OVERLEG, eigenaar=GEMEENTE, actie=text, **wie(GEMEENTE, minute))

    happened(
        OverlegGeopend(overleg_id=OVERLEG, tafel="t", regio="oost-nederland", **wie(GEMEENTE)),
        agreed("voor-kanarie", 1),
        DeelnemerBinnengekomen(overleg_id=OVERLEG, deelnemer=OM, **wie(GEMEENTE, 2)),
        agreed("tijdens-kanarie", 3),
        DeelnemerVertrokken(overleg_id=OVERLEG, deelnemer=OM, **wie(GEMEENTE, 4)),
        agreed("na-kanarie", 5),
    )
    chair, guest = (orjson.dumps(views.overleggen(zetel).items).decode() for zetel in (GEMEENTE, OM))
    assert all(text in chair for text in ("voor-kanarie", "tijdens-kanarie", "na-kanarie"))
    assert "tijdens-kanarie" in guest
    assert "voor-kanarie" not in guest
    assert "na-kanarie" not in guest
    assert views.overleggen(POLITIE).items == []


def test_a_seat_sees_its_own_refusals(views: Views, happened: Happened) -> None:
    happened(
        SignaalGeweigerd(signaal_id=S, redenen=("geen grond",), alternatief="vraag toestemming", **wie(ZORG)),
        HandelingGeweigerd(casus_id=C, handeling="h", redenen=("fase",), **wie(ZORG, 1)),
    )
    later, first = views.weigeringen(ZORG).items
    assert (first["soort"], first["alternatief"]) == ("signaal", "vraag toestemming")
    assert later["soort"] == "handeling"
    assert views.weigeringen(OM).items == []
