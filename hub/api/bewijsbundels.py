"""The door of evidence: one zip for a decision or a case, which proves itself without the hub."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self
from uuid import UUID

import orjson
from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field, model_validator

from contracts.problems import niet_bevoegd, niet_gevonden
from hub.access.permit import Permit
from hub.api.answers import Antwoord
from hub.api.identity import Zetelhouder
from hub.api.limits import partner_router
from hub.api.reading import DisclosureReader, fits
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.shown import shown_of
from hub.api.wire import wire
from hub.handling.bewijsbundels import Wens
from hub.handling.logboek import Logtoegang, toetst


class Bundelvraag(Antwoord):
    """Of what: the place of one decision in the ledger, or a case; and for which purpose."""

    model_config = ConfigDict(extra="forbid")

    positie: Annotated[int | None, Field(ge=1, le=2**53)] = None
    casus_id: UUID | None = None
    doel: Annotated[str, Field(pattern="^[a-z-]+$", max_length=60)]

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.positie is None) == (self.casus_id is None):
            raise ValueError("noem een positie of een casusId, en niet allebei")
        return self


def router(services: Services) -> APIRouter:
    """The one operation that hands out evidence."""
    routes = partner_router("bewijsbundels")

    @routes.post(
        "/bewijsbundels",
        summary="Bewijs van een beslissing of casus, ook zonder de hub te controleren",
        operation_id="maakBewijsbundel",
        response_class=Response,
        responses={
            200: {
                "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
                "description": "Een zip met een script dat hem toetst.",
            },
            404: {"description": "Dit bestaat niet of is niet voor deze zetel."},
        },
    )
    def bundle(vraag: Bundelvraag, who: DisclosureReader) -> Response:
        """Wat deze zetel ervan mag zien; voor het toezicht elke gebeurtenis en beslissing, zonder leesbare inhoud."""
        wens = _wish(services, vraag, who)
        seen = {} if wens.toetst else dict(_seen(services, who, wens, vraag.doel))
        made = services.bundelaar.maak(wens, services.clock(), {name: _plain(one) for name, one in seen.items()})
        _write(services, who, vraag, [one for one in seen.values() if "signaal_id" in one], made is not None)
        if made is None:
            raise niet_gevonden()
        return Response(made, media_type="application/zip")

    return routes


def _wish(services: Services, vraag: Bundelvraag, who: Zetelhouder) -> Wens:
    """Raises Problem 403 where who tests lawfulness names no purpose for which it may."""
    tests = toetst(services.beleid, who.zetel)
    if tests:
        answers = Logtoegang(services.beleid, who.zetel, vraag.doel, services.clock().date()).antwoorden.values()
        for answer in answers:
            if not isinstance(answer, Permit):
                raise niet_bevoegd(answer.reden, answer.regels, answer.alternatief)
    return Wens(who.zetel, vraag.positie, vraag.casus_id, toetst=tests)


def _seen(services: Services, who: Zetelhouder, wens: Wens, doel: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What the seat sees now of what the bundle is about, for this purpose."""
    if wens.casus_id is not None:
        casus = services.views.casus(who.zetel, wens.casus_id)
        if casus is not None and casus["doel"] == doel:
            yield f"casus-{wens.casus_id}", {name: value for name, value in casus.items() if name != "bijdragen"}
    for signaal_id in services.bundelaar.signalen(wens):
        found = services.views.signaal(who.zetel, signaal_id)
        if found is not None and fits(found, who.zetel, doel):
            yield f"signaal-{signaal_id}", found


def _plain(item: Mapping[str, Any]) -> bytes:
    return orjson.dumps(wire(item), option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def _write(
    services: Services, who: Zetelhouder, vraag: Bundelvraag, signals: list[Mapping[str, Any]], found: bool
) -> None:
    shown = shown_of(signals, who.zetel)
    objects = [f"signaal:{one['signaal_id']}" for one in signals]
    if vraag.casus_id is not None:
        objects.append(f"casus:{vraag.casus_id}")
    write_access(
        services,
        who,
        vraag="bewijsbundels",
        doel=vraag.doel,
        objecten=objects,
        **shown._asdict(),
        resultaat="toegestaan" if found else "geweigerd",
        handeling="verstrekken",
        casus=vraag.casus_id,
    )
