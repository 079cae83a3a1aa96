"""The versions of the policy: proposed, approved and activated through the door, and their history for everybody."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Path

from contracts.beleid import ActiveerBeleid, Handtekening, KeurBeleidGoed, StelBeleidVoor, TrekBeleidIn
from contracts.message import Command, Part
from contracts.problems import niet_gevonden
from hub.api.answers import Antwoord, Ontvangstbewijs
from hub.api.commands import CONFLICT, RECORDED, body_of, execute
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.services import Services
from hub.domain.beleidsversie import Versie, Versies

Reader = Annotated[Zetelhouder, Depends(met_scope("beleid.raadplegen"))]
_DECIDE = Depends(met_scope("beleid.vaststellen"))
VersieId = Annotated[str, Path(pattern="^sha256:[0-9a-f]{64}$", description="Het kenmerk van de beleidsversie.")]
STEPS: tuple[tuple[str, type[Command], str], ...] = (
    ("goedkeuringen", KeurBeleidGoed, "Keur een beleidsversie goed"),
    ("activeringen", ActiveerBeleid, "Laat een goedgekeurde beleidsversie van kracht worden"),
    ("intrekkingen", TrekBeleidIn, "Trek een beleidsversie in die nog niet van kracht was"),
)


class Ondertekend(Antwoord):
    """Who signed, when, and the signature with the public key by which anybody can check it."""

    zetel: str
    tijdstip: datetime
    client: str
    sleutel: dict[str, str]
    jws: str


class Activeringsbeeld(Antwoord):
    """One time that the version came into force. `herzien_tot`: up to there disclosures were held against it."""

    volgnummer: int
    tijdstip: datetime
    ingangsdatum: date
    herzien_tot: int | None
    verstrekt: int | None
    geweigerd: int | None
    vervallen: int | None


class Versiebeeld(Antwoord):
    """One version of the policy."""

    versie: str
    stand: Literal["voorgesteld", "goedgekeurd", "geactiveerd", "ingetrokken"]
    van_kracht: bool
    toelichting: str
    auteur: Ondertekend
    goedkeurder: Ondertekend | None
    rac_kenmerk: str | None
    wijkt_af_van_rac: bool
    motivering: str
    gemeld_aan: tuple[str, ...]
    ingangsdatum: date | None
    activeringen: tuple[Activeringsbeeld, ...]


class Versielijst(Antwoord):
    """The version in force, which may be the one the hub came with, and all that were ever proposed."""

    van_kracht: str
    versies: tuple[Versiebeeld, ...]


class Pakketbeeld(Antwoord):
    """The whole bundle of a version, as base64 of a zip."""

    versie: str
    pakket: str


def router(services: Services) -> APIRouter:
    """Everything about versions."""
    routes = partner_router("beleid")
    _list(routes, services)
    _package(routes, services)
    _add(routes, "/beleid/versies", StelBeleidVoor, "Stel een beleidsversie voor", _propose(services))
    for noun, command, summary in STEPS:
        _add(routes, f"/beleid/versies/{{versie}}/{noun}", command, summary, _step(services, command))
    return routes


def _list(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/beleid/versies",
        summary="Alle beleidsversies",
        operation_id="lijstBeleidsversies",
        response_description="De versies met auteur, goedkeurder, advies en ingangsdatum.",
    )
    def versions(who: Reader) -> Versielijst:
        """Met de handtekeningen, zodat ieder ze kan nagaan."""
        versies, in_force = services.policy.versies(), services.beleid.versie
        found = tuple(_seen(one, versies, in_force) for one in versies.bekend.values())
        return Versielijst(van_kracht=in_force, versies=found)


def _package(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/beleid/versies/{versie}/pakket",
        summary="Het pakket van een beleidsversie",
        operation_id="leesBeleidspakket",
        response_description="De hele beleidsmap.",
    )
    def package(versie: VersieId, who: Reader) -> Pakketbeeld:
        """Hiermee is elke beslissing onder deze versie na te rekenen."""
        known = services.policy.versies().bekend.get(versie)
        if known is None:
            raise niet_gevonden()
        return Pakketbeeld(versie=versie, pakket=known.voorstel.pakket)


def _seen(one: Versie, versies: Versies, in_force: str) -> Versiebeeld:
    proposed, approved = one.voorstel, one.goedkeuring
    return Versiebeeld(
        versie=proposed.versie,
        stand=one.stand,
        van_kracht=proposed.versie == in_force,
        toelichting=proposed.toelichting,
        auteur=_signed(proposed.handtekening, proposed.zetel, proposed.tijdstip),
        goedkeurder=_signed(approved.handtekening, approved.zetel, approved.tijdstip) if approved else None,
        rac_kenmerk=approved.rac_kenmerk if approved else None,
        wijkt_af_van_rac=approved.wijkt_af_van_rac if approved else False,
        motivering=approved.motivering if approved else "",
        gemeld_aan=approved.gemeld_aan if approved else (),
        ingangsdatum=approved.ingangsdatum if approved else None,
        activeringen=tuple(_activations(proposed.versie, versies)),
    )


def _signed(handtekening: Handtekening, zetel: str, tijdstip: datetime) -> Ondertekend:
    return Ondertekend(
        zetel=zetel,
        tijdstip=tijdstip,
        client=handtekening.client,
        sleutel=handtekening.sleutel,
        jws=handtekening.jws,
    )


def _activations(versie: str, versies: Versies) -> list[Activeringsbeeld]:
    found = []
    for one in versies.activeringen:
        if one.versie == versie:
            after = versies.herzien.get(one.volgnummer)
            found.append(
                Activeringsbeeld(
                    volgnummer=one.volgnummer,
                    tijdstip=one.tijdstip,
                    ingangsdatum=one.ingangsdatum,
                    herzien_tot=after.tot_positie if after else None,
                    verstrekt=after.verstrekt if after else None,
                    geweigerd=after.geweigerd if after else None,
                    vervallen=after.vervallen if after else None,
                )
            )
    return found


def _propose(services: Services) -> Callable[..., Ontvangstbewijs]:
    def act(verzoek: StelBeleidVoor, who: Annotated[Zetelhouder, _DECIDE]) -> Ontvangstbewijs:
        return execute(services, verzoek, who)

    act.__annotations__ |= {"verzoek": Annotated[StelBeleidVoor, Body()]}
    return act


def _step(services: Services, command: type[Command]) -> Callable[..., Ontvangstbewijs]:
    body_type = body_of(command, "versie")

    def with_body(versie: VersieId, verzoek: Part, who: Annotated[Zetelhouder, _DECIDE]) -> Ontvangstbewijs:
        fields = {name: getattr(verzoek, name) for name in type(verzoek).model_fields}
        return execute(services, command.model_validate({"versie": versie, **fields}), who)

    def plain(versie: VersieId, who: Annotated[Zetelhouder, _DECIDE]) -> Ontvangstbewijs:
        return execute(services, command.model_validate({"versie": versie}), who)

    with_body.__annotations__ |= {"verzoek": Annotated[body_type, Body()]}
    return with_body if body_type.model_fields else plain


def _add(routes: APIRouter, path: str, command: type[Command], summary: str, handler: Callable[..., Any]) -> None:
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
