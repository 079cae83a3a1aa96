"""What anybody may check: checkpoints and proofs of both logs, without content."""

import base64
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from contracts.problems import niet_gevonden
from hub.api.answers import Antwoord
from hub.api.limits import partner_router
from hub.api.services import Services
from hub.audit.evidence import Key
from hub.audit.proof import write_proof
from hub.ledger.checkpoints import LOGS, Signed
from hub.ledger.published import Published, Standing
from hub.ledger.store import LEDGER_LOG
from hub.ledger.vouching import Vouched, verifier, vouched

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


class Getuige(Antwoord):
    """A witness. `stand`: how it answered last; `grootte`, `getekendOp`: what it last cosigned, and when."""

    naam: str
    sleutel: str
    tekent: bool
    stand: str | None = None
    grootte: int | None = None
    getekend_op: datetime | None = None
    gevraagd_op: datetime | None = None


class Uitgegeven(Antwoord):
    """A checkpoint that was handed out. `leeftijd`: seconds."""

    grootte: int
    tijdstip: datetime
    leeftijd: int


class Logstand(Antwoord):
    """How a log stands. `quorum`: the rule; `alarm`: empty when all is well."""

    logboek: str
    oorsprong: str
    sleutels: tuple[str, ...]
    sleutelwissels: tuple[str, ...]
    laatste: Uitgegeven | None
    getuigd: Uitgegeven | None
    quorum: str
    gehaald: bool
    getuigen: tuple[Getuige, ...]
    alarm: tuple[str, ...]


class Controlepunten(Antwoord):
    """How both logs stand."""

    logboeken: tuple[Logstand, ...]


def router(services: Services) -> APIRouter:
    """Checkpoints and proofs."""
    routes = partner_router("controlepunten")
    for add in (_overview, _checkpoint, _inclusion, _proof_file, _consistency):
        add(routes, services)
    return routes


def _overview(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/controlepunten",
        summary="Wie voor de logboeken instaat, hoe oud dat is, en wat er niet klopt",
        operation_id="leesControlepunten",
        response_description="Per logboek de getuigen, het quorum en een alarm.",
    )
    def overview() -> Controlepunten:
        """Zonder token, want er staat geen gegeven in. De logboeken zelf: `/tlog/{logboek}` (C2SP tlog-tiles)."""
        now = services.clock()
        states = [vouched(services.published, log, services.trust, now) for log in LOGS]
        return Controlepunten(logboeken=tuple(_shown(services, state, now) for state in states))


def _shown(services: Services, state: Vouched, now: datetime) -> Logstand:
    keys = services.checkpoints.keys[state.log]
    return Logstand(
        logboek=state.log,
        oorsprong=keys.current.name,
        sleutels=tuple(one.verifier.vkey for one in keys.all),
        sleutelwissels=keys.statements,
        laatste=_given(state.latest, now),
        getuigd=_given(state.witnessed, now),
        quorum=services.trust.rule(),
        gehaald=state.latest is not None and services.trust.met(state.cosigners),
        getuigen=tuple(_witness(key, one, key in state.cosigners) for key, one in state.standings.items()),
        alarm=tuple(one.value for one in state.alarms),
    )


def _given(point: Published | None, now: datetime) -> Uitgegeven | None:
    if point is None:
        return None
    age = max(0, int((now - point.at).total_seconds()))
    return Uitgegeven(grootte=point.size, tijdstip=point.at.astimezone(UTC), leeftijd=age)


def _witness(key: Key, one: Standing | None, signs: bool) -> Getuige:
    name, vkey = key.name, verifier(key).vkey
    if one is None:
        return Getuige(naam=name, sleutel=vkey, tekent=signs)
    return Getuige(
        naam=name,
        sleutel=vkey,
        tekent=signs,
        stand=one.stand.value,
        grootte=one.size,
        getekend_op=one.signed_at.astimezone(UTC) if one.signed_at else None,
        gevraagd_op=one.at.astimezone(UTC),
    )


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


def _proof_file(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/controlepunten/{logboek}/bewijzen/{index}/bestand",
        summary="Bewijs in een bestand, ook zonder netwerk te controleren",
        operation_id="leesBewijsbestand",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Een tlog-proof."}},
    )
    def proof_file(logboek: LogName, index: Annotated[int, Path(ge=0, le=2**53)]) -> Response:
        """Volgens C2SP tlog-proof, tegen het laatste controlepunt dat zijn quorum haalde, als dat het blad omvat."""
        witnessed = services.published.witnessed(logboek)
        against = Signed(witnessed.size, witnessed.note) if witnessed else None
        if against is None or index >= against.size:
            against = services.checkpoints.signed(logboek)
        proof = services.checkpoints.inclusion_at(logboek, index, against) if logboek == LEDGER_LOG else None
        if proof is None:
            raise niet_gevonden()
        text = write_proof(proof.index, proof.hashes, proof.checkpoint, proof.leaf_data)
        return Response(text, media_type="text/plain; charset=utf-8")


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
