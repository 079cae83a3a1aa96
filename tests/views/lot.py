"""Random histories of a small world: likely and unlikely things, in any order."""

from __future__ import annotations

import random
from collections.abc import Callable

from contracts.brug import BrugberichtBevestigd, BrugBevestigd, BrugGeslagen
from contracts.casus import (
    BesluitVastgelegd,
    CasusGeopend,
    CasusGesloten,
    CriteriaBeoordeeld,
    DeelnemersBepaald,
    EmbargoGesteld,
    EmbargoOpgeheven,
    FaseGewijzigd,
    HandelingGeweigerd,
    SignaalGekoppeld,
)
from contracts.inhoud import Criterium, Rolperiode
from contracts.message import Event
from contracts.overleg import ActieAfgesproken, DeelnemerBinnengekomen, DeelnemerVertrokken, OverlegGeopend
from contracts.signaal import (
    BetrokkeneVernietigd,
    RolToegekend,
    SignaalDoorgezet,
    SignaalGeherclassificeerd,
    SignaalGerectificeerd,
    SignaalIngetrokken,
    SignaalNietGedeeld,
    SignaalTeruggekoppeld,
    SignaalWeerlegd,
)
from contracts.toestemming import ToestemmingGegeven, ToestemmingIngetrokken
from contracts.verhoor import VerhoorembargoOpgeheven, VerhoorGepland
from contracts.verstrekking import OntvangstBevestigd, VerstrekkingGeweigerd
from tests.views.navraag import of_question
from tests.views.plicht import of_duty
from tests.views.terugkoppel import of_feedback
from tests.views.terugroep import of_recall
from tests.views.uitkomst import of_result
from tests.views.verborgen import hidden
from tests.views.verhaal import (
    CATEGORIEEN,
    ZETELS,
    ZORG,
    geregistreerd,
    gestuurd,
    id_of,
    inhoud,
    verrijkt,
    verstrekt,
    vervallen,
    wie,
)

SIGNALEN, CASUSSEN, PERSONEN = ("s1", "s2", "s3"), ("c1", "c2"), ("a", "b", "c")
ROL = Rolperiode(rol="vermoedelijk-slachtoffer")


def lot(seed: int, count: int) -> list[Event]:
    """So many events of one history."""
    chance = random.Random(seed)
    begun: set[str] = set()
    events: list[Event] = []
    while len(events) < count:
        events.append(_event(chance, begun, len(events)))
    return events


def _event(chance: random.Random, begun: set[str], number: int) -> Event:
    signaal, casus, zetel = chance.choice(SIGNALEN), chance.choice(CASUSSEN), chance.choice(ZETELS)
    if signaal not in begun and chance.random() < 0.7:
        begun.add(signaal)
        return geregistreerd(signaal, zetel, *chance.sample(PERSONEN, 2))
    if casus not in begun and chance.random() < 0.5:
        begun.add(casus)
        case = {"spoor": "riec", "regio": "oost-nederland", "doel": "bestrijding", "vorm": "onbekend"}
        return CasusGeopend(casus_id=id_of(casus), **case, **wie(zetel, number))
    if "o" not in begun and chance.random() < 0.2:
        begun.add("o")
        return OverlegGeopend(overleg_id=id_of("o"), tafel="t", regio="oost-nederland", **wie(zetel, number))
    often = (_of_signal,) * 2 + (_of_disclosure,) * 2 + (_of_case,) * 2
    kind = chance.choice((*often, _of_rest, hidden, of_result, of_recall, of_feedback, of_duty, of_question))
    return kind(chance, signaal, casus, zetel, number)


def _of_signal(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    id, other, person = id_of(signaal), chance.choice(ZETELS), chance.choice(PERSONEN)
    who = {"signaal_id": id, **wie(zetel, number)}
    why = {"motivering": f"motivering-{number}"}
    label = {"vormen": ("onbekend",), "zekerheid": "vermoeden"}
    about = {"betrokkene_id": id_of(person)}
    part = id_of(chance.choice(("v1", "v2")))
    common: tuple[Callable[[], Event], ...] = (
        lambda: verrijkt(signaal, f"v{number}", zetel, person),
        lambda: SignaalGeherclassificeerd(**who, **label, **why),
        lambda: SignaalGerectificeerd(**who, **why, inhoud=inhoud(person, toelichting=f"nieuw-{number}")),
        lambda: SignaalGerectificeerd(**who, **why, inhoud=inhoud(person), verrijking_id=part),
        lambda: RolToegekend(**who, **about, rol=ROL),
        lambda: SignaalDoorgezet(**who, naar=other, spoor="riec", doel="d", opdracht=f"opdracht-{number}"),
        lambda: SignaalTeruggekoppeld(**who, aan=other, status="opgepakt", bericht=f"bericht-{number}"),
        lambda: SignaalNietGedeeld(**who, **why, herinner_op="2026-09-01"),
        lambda: VerhoorGepland(**who, tot_en_met="2026-09-01"),
        lambda: VerhoorembargoOpgeheven(**who, van=(other,)),
    )
    rare: tuple[Callable[[], Event], ...] = (
        lambda: SignaalIngetrokken(**who, **why),
        lambda: SignaalWeerlegd(**who, **why),
        lambda: BetrokkeneVernietigd(**who, **about, motivering="termijn"),
    )
    return chance.choice(rare if chance.random() < 0.08 else common)()


def _of_disclosure(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    other, where = chance.choice(ZETELS), chance.choice((None, casus))
    drawn = chance.random()
    if drawn < 0.2:
        return vervallen(signaal, other, where, door=zetel)
    if drawn < 0.35:
        key = id_of((signaal, zetel, where))
        return OntvangstBevestigd(verstrekking_id=key, signaal_id=id_of(signaal), **wie(zetel, number))
    categories = tuple(chance.sample(CATEGORIEEN, 4))
    per_bron = {one: categories[: chance.randrange(5)] for one in chance.sample(ZETELS, chance.randrange(3))}
    persons = chance.choice((None, tuple(chance.sample(PERSONEN, 2))))
    return verstrekt(signaal, other, *categories, door=zetel, casus=where, per_bron=per_bron, betrokkenen=persons)


def _of_case(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    who = {"casus_id": id_of(casus), **wie(zetel, number)}
    seats = tuple(chance.sample(ZETELS, chance.randrange(1, 5)))
    bridge = {"interventie_id": id_of("i"), "brug_id": id_of("b"), "volgnummer": 1}
    criteria = (Criterium(letter="a", voldaan=True, toelichting=f"criterium-{number}"),)
    made: tuple[Callable[[], Event], ...] = (
        lambda: DeelnemersBepaald(**who, deelnemers=seats),
        lambda: DeelnemersBepaald(**who, deelnemers=seats),
        lambda: SignaalGekoppeld(**who, signaal_id=id_of(signaal)),
        lambda: FaseGewijzigd(**who, fase=1),
        lambda: CriteriaBeoordeeld(**who, criteria=criteria),
        lambda: EmbargoGesteld(**who, motivering=f"embargo-{number}", herbezie_op="2026-09-01"),
        lambda: EmbargoOpgeheven(**who),
        lambda: BesluitVastgelegd(**who, besluit=f"besluit-{number}"),
        lambda: CasusGesloten(**who, reden="overgedragen"),
        lambda: HandelingGeweigerd(**who, handeling="h", redenen=("r",)),
        lambda: BrugGeslagen(**who, **bridge, naar=ZORG),
        lambda: BrugBevestigd(**who, **bridge),
    )
    return chance.choice(made)()


def _of_rest(chance: random.Random, signaal: str, casus: str, zetel: str, number: int) -> Event:
    who, other = wie(zetel, number), chance.choice(ZETELS)
    consent = {"toestemming_id": id_of(chance.choice(("t1", "t2"))), "signaal_id": id_of(signaal)}
    room = {"overleg_id": id_of("o")}
    given = {"door": "slachtoffer", "vorm": "mondeling", "ontvangers": (other,), "toelichting": f"t-{number}"}
    refused = {"ontvanger": other, "spoor": "riec", "categorieen": ("bsn",), "redenen": ("r",), "regels": ("r",)}
    made: tuple[Callable[[], Event], ...] = (
        lambda: ToestemmingGegeven(**consent, **given, betrokkene_id=id_of(chance.choice(PERSONEN)), **who),
        lambda: ToestemmingIngetrokken(**consent, **who),
        lambda: DeelnemerBinnengekomen(**room, deelnemer=other, **who),
        lambda: DeelnemerVertrokken(**room, deelnemer=other, **who),
        lambda: ActieAfgesproken(**room, eigenaar=other, actie=f"actie-{number}", **who),
        lambda: gestuurd(chance.choice(ZETELS), number % 3 + 1, casus, zetel),
        lambda: BrugberichtBevestigd(brug_id=id_of(("brug", other)), volgnummer=1, **who),
        lambda: VerstrekkingGeweigerd(
            verstrekking_id=id_of(number), signaal_id=id_of(signaal), **refused, beleidsversie="v1", **who
        ),
    )
    return chance.choice(made)()
