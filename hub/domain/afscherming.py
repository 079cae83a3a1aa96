"""Keeping a signal or a case from seats: who is its subject, and who may not know of it for a while."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contracts.afscherming import (
    CasusvertrouwelijkheidVervallen,
    CasusVertrouwelijkVerklaard,
    HefCasusvertrouwelijkheidOp,
    HefVertrouwelijkheidOp,
    SluitZetelsUit,
    VerklaarCasusVertrouwelijk,
    VerklaarVertrouwelijk,
    VertrouwelijkheidVervallen,
    VertrouwelijkVerklaard,
    ZetelsUitgesloten,
)
from contracts.message import Acted
from hub.domain.casus import Casus
from hub.domain.oordeel import Onbekend, Strijdig
from hub.domain.signaal import Signaal

SignaalAfscherming = SluitZetelsUit | VerklaarVertrouwelijk | HefVertrouwelijkheidOp
CasusAfscherming = VerklaarCasusVertrouwelijk | HefCasusvertrouwelijkheidOp
PAST = "De laatste dag van de vertrouwelijkheid ligt niet in de toekomst."


def decide(
    signaal: Signaal, command: SignaalAfscherming, zetel: str, nu: datetime, *, houder: bool
) -> list[ZetelsUitgesloten | VertrouwelijkVerklaard | VertrouwelijkheidVervallen]:
    """Decide on a signal; only who brought something in closes it. Raises Onbekend, Strijdig."""
    if signaal.eigenaar is None or not (houder or zetel in signaal.verstrekkers):
        raise Onbekend
    if zetel not in signaal.verstrekkers:
        raise Strijdig("Alleen wie een gegeven inbracht kan het signaal afschermen.")
    who = Acted(zetel, nu)
    match command:
        case SluitZetelsUit():
            new = frozenset(command.zetels) - signaal.uitgesloten
            return [ZetelsUitgesloten.recorded(command, who, zetels=tuple(sorted(new)))] if new else []
        case VerklaarVertrouwelijk():
            if command.tot < nu.date():
                raise Strijdig(PAST)
            return [VertrouwelijkVerklaard.recorded(command, who)]
        case HefVertrouwelijkheidOp():
            if signaal.vertrouwelijk_tot is None:
                return []
            return [VertrouwelijkheidVervallen.recorded(command, who, reden="opgeheven")]


def uitsluiten(
    signaal: Signaal, new: tuple[frozenset[str], frozenset[str]], signaal_id: UUID, who: Acted
) -> list[ZetelsUitgesloten]:
    """What a contribution says of partners by itself. `new`: seats, and OINs of organisations."""
    seats, organisations = new[0] - signaal.uitgesloten, new[1] - signaal.uitgesloten_organisaties
    if not seats and not organisations:
        return []
    return [
        ZetelsUitgesloten(
            signaal_id=signaal_id,
            zetels=tuple(sorted(seats)),
            organisaties=tuple(sorted(organisations)),
            zetel=who.zetel,
            tijdstip=who.tijdstip,
        )
    ]


def decide_casus(
    casus: Casus, command: CasusAfscherming, zetel: str, nu: datetime
) -> Sequence[CasusVertrouwelijkVerklaard | CasusvertrouwelijkheidVervallen]:
    """Decide on a case, as a participant. Raises Onbekend, Strijdig."""
    if casus.opener is None or zetel not in casus.deelnemers:
        raise Onbekend
    who = Acted(zetel, nu)
    match command:
        case VerklaarCasusVertrouwelijk():
            if command.tot < nu.date():
                raise Strijdig(PAST)
            if command.deelnemer not in casus.deelnemers:
                raise Strijdig("De grond komt van een deelnemer van deze casus.")
            if casus.vertrouwelijk_tot is not None:
                raise Strijdig("Deze casus is al vertrouwelijk.")
            stays = tuple(sorted({zetel, command.deelnemer}))
            return [CasusVertrouwelijkVerklaard.recorded(command, who, blijft=stays)]
        case HefCasusvertrouwelijkheidOp():
            return casus_open(casus, command.casus_id, who, "opgeheven")


def casus_open(casus: Casus, casus_id: UUID, who: Acted, reden: str) -> list[CasusvertrouwelijkheidVervallen]:
    """The earlier participants come back."""
    if casus.vertrouwelijk_tot is None:
        return []
    back = tuple(sorted(casus.deelnemers | casus.buitengesloten))
    return [
        CasusvertrouwelijkheidVervallen(
            casus_id=casus_id, reden=reden, deelnemers=back, zetel=who.zetel, tijdstip=who.tijdstip
        )
    ]
