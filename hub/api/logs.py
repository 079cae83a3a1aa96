"""What anybody may check: checkpoints and proofs of both logs, without content."""

import base64
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from contracts.problems import niet_gevonden
from hub.api.answers import Antwoord
from hub.api.limits import partner_router
from hub.api.services import Services

LogName = Annotated[str, Path(pattern="^(grootboek|toegang)$", description="grootboek of toegang")]


class Insluitingsbewijs(Antwoord):
    """That a leaf stands in the log of the checkpoint. Hashes: base64, 32 bytes. Source: RFC 6962, 2.1.1."""

    index: int
    grootte: int
    blad: str
    hashes: tuple[str, ...]
    controlepunt: str


class Groeibewijs(Antwoord):
    """That the log only grew. Source: RFC 6962, 2.1.2."""

    van: int
    tot: int
    hashes: tuple[str, ...]


def router(services: Services) -> APIRouter:
    """Checkpoints and proofs."""
    routes = partner_router("controlepunten")
    for add in (_checkpoint, _inclusion, _consistency):
        add(routes, services)
    return routes


def _checkpoint(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/controlepunten/{logboek}",
        summary="Het laatste ondertekende controlepunt van een logboek",
        operation_id="leesControlepunt",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Een signed note."}},
    )
    def checkpoint(logboek: LogName) -> Response:
        """Volgens C2SP tlog-checkpoint; zonder token, want er staat geen gegeven in."""
        return Response(services.checkpoints.checkpoint(logboek), media_type="text/plain; charset=utf-8")


def _inclusion(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/controlepunten/{logboek}/bewijzen/{index}",
        summary="Bewijs dat een blad in het logboek staat",
        operation_id="leesInsluitingsbewijs",
        response_description="Het bewijs, met het controlepunt waartegen het klopt.",
    )
    def inclusion(logboek: LogName, index: Annotated[int, Path(ge=0, le=2**53)]) -> Insluitingsbewijs:
        """Het blad bevat alleen hashes; `index` is de positie op het grootboek min één."""
        proof = services.checkpoints.inclusion(logboek, index) if logboek == "grootboek" else None
        if proof is None:
            raise niet_gevonden()
        return Insluitingsbewijs(
            index=proof.index,
            grootte=proof.size,
            blad=base64.b64encode(proof.leaf_data).decode(),
            hashes=tuple(base64.b64encode(one).decode() for one in proof.hashes),
            controlepunt=proof.checkpoint,
        )


def _consistency(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/controlepunten/{logboek}/groeibewijzen",
        summary="Bewijs dat het logboek alleen is gegroeid",
        operation_id="leesGroeibewijs",
        response_description="Het bewijs.",
    )
    def consistency(logboek: LogName, van: Annotated[int, Query(ge=1, le=2**53)]) -> Groeibewijs:
        """Van een eerdere grootte tot nu."""
        proof = services.checkpoints.consistency(logboek, van)
        if proof is None:
            raise niet_gevonden()
        return Groeibewijs(van=van, tot=proof[0], hashes=tuple(base64.b64encode(one).decode() for one in proof[1]))
