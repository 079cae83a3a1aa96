"""The doors of requests by persons: for who handles them, for the participants that are asked, and for supervision."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Response
from pydantic.alias_generators import to_camel

from contracts import kennisgeving, verzoek
from contracts.message import Command
from contracts.problems import niet_gevonden
from hub.api.answers import Antwoord, Ontvangstbewijs
from hub.api.commands import CONFLICT, NOT_ADMITTED, RECORDED, body_of, execute, whole
from hub.api.identity import Zetelhouder, met_scope
from hub.api.inzagebrief import as_html, as_json
from hub.api.limits import partner_router
from hub.api.reading import Aantal, Na
from hub.api.records import write_access
from hub.api.services import Services
from hub.domain.verzoek import Dossier
from hub.handling.beantwoorden import Bekend, Gegeven, Requests, categories_of
from hub.handling.kennisgevingen import VERSTREKT, Notice, notices
from hub.handling.questions import seat_type
from hub.handling.uitslagen import problem_of
from hub.handling.verzoeken import DOEL
from hub.ledger.latest import Latest

#: Who tells persons of disclosures, for all participants. Source: Bgs art. 1.3.
CONTACTPUNT = "contactpunt"
SCOPE = "inzageverzoeken.behandelen"
Behandelaar = Annotated[Zetelhouder, Depends(met_scope(SCOPE))]
TOEZICHT_DOEL = "rechtmatigheidscontrole"
_VERZOEK, _SIGNAAL = "verzoek_id", "signaal_id"

#: Path below /v1, the command, and the Dutch summary of the operation.
ACTS: tuple[tuple[str, type[Command], str], ...] = (
    ("/inzageverzoeken/{verzoekId}/identiteit", verzoek.StelIdentiteitVast, "Stel vast wie het verzoek doet"),
    ("/inzageverzoeken/{verzoekId}/raadplegingen", verzoek.RaadpleegDeelnemers, "Raadpleeg de deelnemers"),
    ("/inzageverzoeken/{verzoekId}/weigeringsgronden", verzoek.MeldWeigeringsgrond, "Meld een weigeringsgrond"),
    (
        "/inzageverzoeken/{verzoekId}/geen-weigeringsgronden",
        verzoek.MeldGeenWeigeringsgrond,
        "Meld dat er geen weigeringsgrond is",
    ),
    (
        "/inzageverzoeken/{verzoekId}/vervallen-weigeringsgronden",
        verzoek.MeldVervalWeigeringsgrond,
        "Meld dat een weigeringsgrond is vervallen",
    ),
    ("/inzageverzoeken/{verzoekId}/verlengingen", verzoek.VerlengTermijn, "Verleng de termijn"),
    ("/inzageverzoeken/{verzoekId}/besluiten", verzoek.BeslisOpVerzoek, "Beslis op een verzoek"),
    ("/inzageverzoeken/{verzoekId}/taakafrondingen", verzoek.RondTaakAf, "Rond een taak af"),
    ("/inzageverzoeken/{verzoekId}/weigeringen", verzoek.WeigerVerzoek, "Weiger een verzoek"),
    ("/inzageverzoeken/{verzoekId}/antwoorden", verzoek.BeantwoordVerzoek, "Leg vast dat een antwoord is verzonden"),
    ("/inzageverzoeken/{verzoekId}/sluitingen", verzoek.SluitVerzoek, "Sluit een verzoek zonder antwoord"),
    ("/inzageverzoeken/{verzoekId}/beperkingsopheffingen", verzoek.HefBeperkingOp, "Hef een beperking op"),
    (
        "/signalen/{signaalId}/kennisgevingsuitstellen",
        kennisgeving.HoudKennisgevingAchter,
        "Stel een kennisgeving uit",
    ),
    ("/signalen/{signaalId}/kennisgevingsvrijgaven", kennisgeving.GeefKennisgevingVrij, "Geef een kennisgeving vrij"),
    ("/signalen/{signaalId}/kennisgevingen", kennisgeving.DoeKennisgeving, "Leg een kennisgeving vast"),
)


class Betreftbeeld(Antwoord):
    """A record of this seat that a request is about."""

    signaal_id: UUID
    betrokkenen: tuple[UUID, ...]


class Taakbeeld(Antwoord):
    """A task of this seat."""

    taak_id: UUID
    taak: str
    signaal_id: UUID
    betrokkenen: tuple[UUID, ...]
    voor: date


class Grondbeeld(Antwoord):
    """A ground that a participant found against telling. `letter`: of UAVG art. 41; `vervallen`: it is gone."""

    zetel: str
    letter: str
    vervallen: bool


class Uitstaand(Antwoord):
    """A task of a provider that is not done yet, for who handles the request: not about which signal it is."""

    zetel: str
    taak: str
    voor: date


class Verzoekbeeld(Antwoord):
    """A request as one seat may see it. `wacht_op`: seats that did not answer yet, for who handles it.

    `gevraagd`: this seat is to say whether it finds a ground against telling of `betreft`. `eigen_grond`: that it found
    one. `taken`: of this seat, not done yet. `identiteit`: whether it is known who asks; `geraadpleegd`: whether the
    participants were asked; these, `gronden`, `uitstaand` and `maanden` (of extension) are for who handles it, and for
    supervision.
    """

    verzoek_id: UUID
    recht: str
    ontvangen_op: date
    uiterlijk: date
    verzenddag: date
    stand: str
    te_laat: bool
    behandelaar: str
    gevraagd: bool
    wacht_op: tuple[str, ...] = ()
    identiteit: bool = False
    geraadpleegd: bool = False
    maanden: int = 0
    gronden: tuple[Grondbeeld, ...] = ()
    uitstaand: tuple[Uitstaand, ...] = ()
    eigen_grond: bool = False
    betreft: tuple[Betreftbeeld, ...] = ()
    taken: tuple[Taakbeeld, ...] = ()


class Verzoekenlijst(Antwoord):
    """The requests, the one with the nearest last day first."""

    verzoeken: tuple[Verzoekbeeld, ...]


def router(services: Services) -> APIRouter:
    """All operations on requests by persons."""
    routes = partner_router("inzageverzoeken")
    _receive(routes, services)
    for path, command, summary in ACTS:
        _act(routes, services, path, command, summary)
    _list(routes, services, cache(lambda: requests_of(services)))
    _notices(routes, services, cache(lambda: Latest(services.ledger.store, VERSTREKT)))
    _answer(routes, services)
    return routes


def requests_of(services: Services) -> Requests:
    """The requests behind these doors."""
    return Requests(services.ledger.store, services.ledger.reading, services.policy)


def _receive(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/inzageverzoeken",
        status_code=201,
        summary="Leg een ontvangen verzoek vast",
        operation_id="ontvangVerzoek",
        response_description=RECORDED,
        responses=CONFLICT | NOT_ADMITTED,
    )
    def receive(verzoek: verzoek.OntvangVerzoek, who: Behandelaar) -> Ontvangstbewijs:
        """De termijn loopt vanaf `ontvangenOp`; het antwoord noemt de laatste dag."""
        return execute(services, verzoek, who)


def _act(routes: APIRouter, services: Services, path: str, command: type[Command], summary: str) -> None:
    identifier = _VERZOEK if to_camel(_VERZOEK) in path else _SIGNAAL
    body_type = body_of(command, identifier)

    def act(key: UUID, body: Any, who: Zetelhouder) -> Ontvangstbewijs:
        fields = {name: getattr(body, name) for name in type(body).model_fields}
        return execute(services, whole(command, {identifier: key, **fields}), who)

    def on_verzoek(verzoekId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(verzoekId, verzoek, who)

    def on_signaal(signaalId: UUID, verzoek: Any, who: Any) -> Ontvangstbewijs:
        return act(signaalId, verzoek, who)

    handler: Callable[..., Ontvangstbewijs] = on_verzoek if identifier == _VERZOEK else on_signaal
    handler.__annotations__ |= {"verzoek": Annotated[body_type, Body()], "who": Behandelaar}
    routes.add_api_route(
        path,
        handler,
        methods=["POST"],
        status_code=201,
        response_model=Ontvangstbewijs,
        response_description=RECORDED,
        responses=CONFLICT,
        summary=summary,
        description=(command.__doc__ or "").strip(),
        operation_id=command.__name__[0].lower() + command.__name__[1:],
    )


def _list(routes: APIRouter, services: Services, opened: Callable[[], Requests]) -> None:
    @routes.get(
        "/inzageverzoeken",
        summary="Verzoeken van betrokkenen",
        operation_id="lijstVerzoeken",
        response_description="De verzoeken die deze zetel aangaan.",
    )
    def requests(
        who: Behandelaar,
        teLaat: Annotated[bool, Query(description="Alleen verzoeken waarvan de termijn voorbij is.")] = False,
    ) -> Verzoekenlijst:
        """Wat deze zetel behandelt, waarover zij is geraadpleegd of waarvan zij een taak heeft; toezicht ziet alles."""
        kind = services.beleid.zetels.get(seat_type(who.zetel))
        supervises = kind is not None and kind.toetst
        known = opened()
        found, op = known.all() if supervises else known.of(who.zetel), services.clock().date()
        shown = [one for one in found if not teLaat or one.dossier.te_laat(op)]
        write_access(
            services,
            who,
            vraag="inzageverzoeken",
            doel=TOEZICHT_DOEL if supervises else DOEL,
            objecten=[f"verzoek:{one.verzoek_id}" for one in shown],
            regels=["hub-toezicht-leest-logboek" if supervises else "hub-betrokkene-krijgt-antwoord"],
            resultaat="toegestaan" if shown else "leeg",
        )
        return Verzoekenlijst(verzoeken=tuple(_shown(one, who.zetel, op, supervises) for one in shown))


def _shown(one: Bekend, zetel: str, op: date, supervises: bool) -> Verzoekbeeld:
    dossier, klok = one.dossier, one.dossier.klok
    whole = supervises or dossier.behandelaar == zetel
    return Verzoekbeeld(
        verzoek_id=one.verzoek_id,
        recht=dossier.recht,
        ontvangen_op=klok.begin if klok else op,
        uiterlijk=klok.uiterlijk if klok else op,
        verzenddag=klok.verzenddag if klok else op,
        stand=dossier.stand if whole else "",
        te_laat=dossier.te_laat(op),
        behandelaar=dossier.behandelaar or "",
        gevraagd=zetel in dossier.nog_niet_gehoord,
        **(_course(dossier) if whole else {}),
        eigen_grond=zetel in dossier.gronden and zetel not in dossier.vervallen,
        betreft=tuple(
            Betreftbeeld(signaal_id=record.signaal_id, betrokkenen=record.betrokkenen)
            for record in dossier.betreft
            if record.zetel == zetel and record.signaal_id is not None
        ),
        taken=tuple(
            Taakbeeld(
                taak_id=task.taak_id,
                taak=task.taak,
                signaal_id=task.signaal_id,
                betrokkenen=task.betrokkenen,
                voor=task.voor,
            )
            for task in dossier.open_taken(zetel)
            if task.signaal_id is not None
        ),
    )


def _course(dossier: Dossier) -> dict[str, Any]:
    """How far a request is, for who handles it; nothing of who asks."""
    return {
        "wacht_op": tuple(sorted(dossier.nog_niet_gehoord)),
        "identiteit": dossier.vastgesteld,
        "geraadpleegd": dossier.geraadpleegd is not None,
        "maanden": dossier.klok.maanden if dossier.klok else 0,
        "gronden": tuple(
            Grondbeeld(zetel=seat, letter=letter, vervallen=seat in dossier.vervallen)
            for seat, letter in sorted(dossier.gronden.items())
        ),
        "uitstaand": tuple(
            Uitstaand(zetel=one.zetel, taak=one.taak, voor=one.voor)
            for one in sorted(dossier.open_taken(), key=lambda one: (one.voor, one.zetel))
        ),
    }


class Kennisgevingbeeld(Antwoord):
    """A signal whose persons are to be told. `vrijOp`: from when; `achtergehoudenTot`: put off until."""

    signaal_id: UUID
    vrij_op: date
    achtergehouden_tot: date | None
    gedaan_op: date | None


class Kennisgevingenlijst(Antwoord):
    """A page of notices; `volgende`: cursor of the next one."""

    kennisgevingen: tuple[Kennisgevingbeeld, ...]
    volgende: int | None


def _notices(routes: APIRouter, services: Services, disclosed: Callable[[], Latest]) -> None:
    @routes.get(
        "/kennisgevingen",
        summary="Kennisgevingen aan betrokkenen",
        operation_id="lijstKennisgevingen",
        response_description="Een bladzijde kennisgevingen.",
        responses={404: {"description": "Deze zetel doet geen kennisgevingen."}},
    )
    def listed(
        who: Behandelaar,
        na: Na = None,
        aantal: Aantal = 100,
        nu: Annotated[bool, Query(description="Alleen wat nu mag worden verteld en nog niet is verteld.")] = False,
    ) -> Kennisgevingenlijst:
        """Van welke signalen de betrokkenen vanaf wanneer mogen weten dat ze zijn verstrekt. Alleen het contactpunt."""
        if seat_type(who.zetel) != CONTACTPUNT:
            raise niet_gevonden()
        op = services.clock().date()
        found = notices(services.ledger.reading(), disclosed(), services.beleid, op, na or 0, aantal)
        shown = [one for one in found if not nu or one.due(op)]
        write_access(
            services,
            who,
            vraag="kennisgevingen",
            doel=DOEL,
            objecten=[f"signaal:{one.signaal_id}" for one in shown],
            regels=["hub-contactpunt-beslist"],
            resultaat="toegestaan" if shown else "leeg",
        )
        more = found[-1].positie if len(found) == aantal else None
        return Kennisgevingenlijst(kennisgevingen=tuple(map(_notice, shown)), volgende=more)


def _notice(one: Notice) -> Kennisgevingbeeld:
    return Kennisgevingbeeld(
        signaal_id=one.signaal_id, vrij_op=one.vrij_op, achtergehouden_tot=one.tot, gedaan_op=one.gedaan_op
    )


def _answer(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/inzageverzoeken/{verzoekId}/antwoord",
        summary="Het antwoord aan de betrokkene",
        operation_id="leesAntwoord",
        response_class=Response,
        responses={
            200: {
                "description": "Het antwoord, om te lezen (HTML) of om over te dragen (JSON).",
                "content": {
                    "text/html": {"schema": {"type": "string"}},
                    "application/json": {"schema": {"type": "object"}},
                },
            },
            **CONFLICT,
        },
    )
    def answer(
        verzoekId: UUID, who: Behandelaar, vorm: Annotated[str, Query(pattern="^(html|json)$")] = "html"
    ) -> Response:
        """Uit het antwoord blijkt niet of er iets is weggelaten; de inzage zelf wordt eerst vastgelegd."""
        given = _given(services, verzoekId, who)
        told = given.antwoord.inzage
        write_access(
            services,
            who,
            vraag="inzageverzoeken/{verzoekId}/antwoord",
            doel=DOEL,
            handeling="verstrekken",
            objecten=[f"verzoek:{verzoekId}", *(f"signaal:{id}" for id in given.signalen)],
            velden=categories_of(told),
            grondslagen=given.oordeel.grondslagen,
            regels=given.oordeel.regels or given.oordeel.weigerregels,
            betrokkenen=given.betrokkenen,
            bronnen=[one.zetel for one in told.bronnen],
            ontvangers=("betrokkene",),
        )
        if vorm == "json":
            return Response(as_json(given.antwoord), media_type="application/json")
        return Response(as_html(given.antwoord), media_type="text/html; charset=utf-8")


def _given(services: Services, verzoek_id: UUID, who: Zetelhouder) -> Gegeven:
    try:
        return requests_of(services).answer(verzoek_id, who.zetel, services.clock())
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise problem from error
