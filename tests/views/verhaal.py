"""Events of a small world, for the tests of the views; every name and number is invented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from contracts.brug import BrugberichtGestuurd, Contactpersoon, Venster
from contracts.inhoud import Betrokkene, Feit, Locatie, Melder, Rolperiode, SignaalInhoud, Signaalmelding
from contracts.message import Event
from contracts.signaal import SignaalGeregistreerd, SignaalVerrijkt
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingVervallen
from hub.views.folds import Recorded

BRON = UUID(int=7)
POLITIE, GEMEENTE, ZORG, OM, ARBEID = (
    "politie.avim@oost-nederland",
    "gemeente.af-oov@ede",
    "zc.opvang@gelderland",
    "om.ovj-mh@oost-nederland",
    "nla.opsporing@landelijk",
)
ZETELS = (POLITIE, GEMEENTE, ZORG, OM, ARBEID)
CATEGORIEEN = (
    "signaal-inhoud",
    "signaal-label",
    "identificerend",
    "contact",
    "rol-in-casus",
    "bsn",
    "nationaliteit",
    "gezondheid",
    "melder-identiteit",
    "indicatoren",
    "situatieschets",
)
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def id_of(name: object) -> UUID:
    """The identifier of a thing by its name in the story."""
    return uuid5(BRON, str(name))


def recorded(events: Sequence[Event], after: int = 0) -> list[Recorded]:
    """Events with their positions on the ledger."""
    return [Recorded(after + number, event) for number, event in enumerate(events, 1)]


def reader(events: Sequence[Recorded]) -> Any:
    """The ledger as the projector reads it."""

    def read(after: int, limit: int) -> Sequence[Recorded]:
        return [one for one in events if one.position > after][:limit]

    return read


def wie(zetel: str, minute: int = 0) -> dict[str, Any]:
    """Who acted, and when."""
    return {"zetel": zetel, "tijdstip": START + timedelta(minutes=minute)}


def inhoud(*personen: str, toelichting: str = "toelichting-kanarie", feiten: tuple[Feit, ...] = ()) -> SignaalInhoud:
    """Content about the named persons."""
    return SignaalInhoud(
        vormen=("onbekend",),
        zekerheid="onbekend",
        toelichting=toelichting,
        locaties=(Locatie(adres="adres-kanarie 1", plaats="Ede"),),
        betrokkenen=tuple(
            Betrokkene(
                betrokkene_id=id_of(naam),
                naam=f"naam-{naam}",
                bereikbaar=(f"06-0000-{naam}",),
                nationaliteit=f"nationaliteit-{naam}",
                rollen=(Rolperiode(rol="vermoedelijk-slachtoffer"),),
            )
            for naam in personen
        ),
        feiten=feiten,
    )


def geregistreerd(
    signaal: str, zetel: str = POLITIE, *personen: str, spoor: str = "bilateraal", **more: Any
) -> SignaalGeregistreerd:
    """A signal on the ledger."""
    melding = Signaalmelding(
        kenmerk=f"kenmerk-{signaal}",
        spoor=spoor,
        regio="oost-nederland",
        melder=Melder(naam="melder-kanarie"),
        inhoud=inhoud(*personen, **more),
    )
    return SignaalGeregistreerd(signaal_id=id_of(signaal), melding=melding, **wie(zetel))


def verrijkt(signaal: str, verrijking: str, zetel: str, *personen: str, **more: Any) -> SignaalVerrijkt:
    """Facts of another provider."""
    return SignaalVerrijkt(
        signaal_id=id_of(signaal),
        verrijking_id=id_of(verrijking),
        herkomst=f"herkomst-{zetel}",
        inhoud=inhoud(*personen, **more),
        **wie(zetel, 1),
    )


def verstrekt(
    signaal: str,
    ontvanger: str,
    *categorieen: str,
    door: str = POLITIE,
    casus: str | None = None,
    per_bron: dict[str, tuple[str, ...]] | None = None,
    betrokkenen: tuple[str, ...] | None = None,
) -> SignaalVerstrekt:
    """A disclosure."""
    return SignaalVerstrekt(
        verstrekking_id=id_of((signaal, ontvanger, casus)),
        signaal_id=id_of(signaal),
        casus_id=id_of(casus) if casus else None,
        ontvanger=ontvanger,
        spoor="bilateraal",
        doel="opsporing",
        categorieen=categorieen,
        per_bron=per_bron or {},
        betrokkenen=None if betrokkenen is None else tuple(map(id_of, betrokkenen)),
        regels=("regel-1",),
        grondslagen=("Wpg art. 16",),
        beleidsversie="v1",
        **wie(door, 2),
    )


def gestuurd(naar: str, volgnummer: int = 1, casus: str = "c1", door: str = POLITIE) -> BrugberichtGestuurd:
    """A message over the bridge to a seat."""
    return BrugberichtGestuurd(
        brug_id=id_of(("brug", naar)),
        volgnummer=volgnummer,
        casus_id=id_of(casus),
        interventie_id=id_of("interventie-kanarie"),
        naar=naar,
        casus_pseudoniem=id_of(("pseudoniem", naar)),
        venster=Venster(van=START, tot=START + timedelta(hours=volgnummer)),
        veiligheidsmaatregel_nodig=True,
        contactpersoon=Contactpersoon(functie="netwerkregisseur", telefoon="06-00001234"),
        regels=("regel-1",),
        grondslagen=("EVRM 4",),
        beleidsversie="v1",
        **wie(door, volgnummer),
    )


def vervallen(signaal: str, ontvanger: str, casus: str | None = None, door: str = POLITIE) -> VerstrekkingVervallen:
    """The end of a disclosure."""
    return VerstrekkingVervallen(
        verstrekking_id=id_of((signaal, ontvanger, casus)),
        signaal_id=id_of(signaal),
        ontvanger=ontvanger,
        reden="grondslag-vervallen",
        **wie(door, 3),
    )
