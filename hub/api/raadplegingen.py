"""Who has seen this: for the officer all of it, for who brought data in what was done with them, at once.

Every question is itself in the log before it is answered. Source: WGS art. 1.8 lid 4; Wpg art. 32a; AVG art. 15.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, ConfigDict, Field

from contracts.message import Command, Tijdstip
from contracts.problems import Fout, niet_bevoegd, niet_gevonden, ongeldige_invoer
from contracts.terugkoppeling import HoudTerugkoppelingAan
from contracts.verhoor import HefVerhoorembargoOp, PlanVerhoor, PlanVerhoorInCasus
from hub.access.permit import Permit
from hub.api.answers import Antwoord
from hub.api.identity import Zetelhouder, met_scope
from hub.api.limits import partner_router
from hub.api.records import write_access
from hub.api.services import Services
from hub.api.shown import OWN_RULE
from hub.handling.beoordeling import Beoordeling, beoordelingen
from hub.handling.logboek import AUDITREGEL, Bladzijde, Logtoegang, Vraag, complete, found, toetst
from hub.handling.vastleggen import naam_van
from hub.handling.wachtrij import Wachtrij
from hub.ledger.checkpoints import Proof, Signed
from hub.ledger.store import ACCESS_LOG

Asker = Annotated[Zetelhouder, Depends(met_scope("raadplegingen.raadplegen"))]
Toezichtdoel = Annotated[
    str | None,
    Query(
        pattern="^[a-z-]+$",
        max_length=60,
        description="Voor het toezicht verplicht: een van de vier doelen van WGS 1.8 lid 4; wordt getoetst.",
    ),
]
Zetel = Annotated[str | None, Query(pattern="^[a-z0-9.@-]+$", max_length=80, description="De zetel die raadpleegde.")]
Van = Annotated[AwareDatetime | None, Query(description="Vanaf dit tijdstip.")]
Tot = Annotated[AwareDatetime | None, Query(description="Voor dit tijdstip.")]
Na = Annotated[int | None, Query(ge=1, le=2**53, description="Cursor: `volgende` van de vorige bladzijde.")]
Aantal = Annotated[int, Query(ge=1, le=500, description="Grootte van de bladzijde.")]
Record = Mapping[str, Any]
#: Acts around a signal that use nothing of it and would tell its provider of an investigation; the officer sees them.
_ACTS: tuple[type[Command], ...] = (HoudTerugkoppelingAan, PlanVerhoor, PlanVerhoorInCasus, HefVerhoorembargoOp)
_ZWIJGEN = frozenset(map(naam_van, _ACTS))


class Zoekvraag(Antwoord):
    """Which person, as one source knows it, and for which purpose."""

    model_config = ConfigDict(extra="forbid")

    betrokkene_id: UUID
    doel: Annotated[str, Field(pattern="^[a-z-]+$", max_length=60)]
    van: Tijdstip | None = None
    tot: Tijdstip | None = None
    na: Annotated[int | None, Field(ge=1, le=2**53)] = None
    aantal: Annotated[int, Field(ge=1, le=500)] = 100


class Machineoordeel(Antwoord):
    """How an access stands: explained by `verklaringen`, or why it waits and what the officer judged of it.

    `stand`: verklaard, wacht, afgetekend or nog-niet-beoordeeld.
    """

    stand: str
    verklaringen: tuple[str, ...] = ()
    bevindingen: tuple[str, ...] = ()
    uitkomst: str = ""


class Regelbewijs(Antwoord):
    """That a line stands in the log of the checkpoint of the page. `blad`: the line as it was written, base64.

    `hashes`: its path (RFC 6962, 2.1.1), base64. The leaf is SHA-256 over a zero byte and `blad`; index: number - 1.
    """

    blad: str
    hashes: tuple[str, ...]


class Raadpleging(Antwoord):
    """One line of the access log. What only the officer sees is absent for who brought the data in.

    `oordeel`: of the machine review, for the officer in the log of a case.
    """

    volgnummer: int
    tijdstip: Tijdstip
    handeling: str
    vraag: str
    resultaat: str
    zetel: str
    doel: str
    objecten: tuple[str, ...]
    velden: tuple[str, ...]
    grondslagen: tuple[str, ...]
    ontvangers: tuple[str, ...] = ()
    regels: tuple[str, ...] = ()
    verwerkingen: tuple[str, ...] = ()
    beleidsversie: str | None = None
    oin: str | None = None
    actor: str | None = None
    herkomst: str | None = None
    trace: str | None = None
    casus: UUID | None = None
    betrokkenen: tuple[str, ...] = ()
    reeks: tuple[int, int] | None = None
    oordeel: Machineoordeel | None = None
    bewijs: Regelbewijs | None = None


class Raadplegingen(Antwoord):
    """A page, newest first. `volledig`: of a case, whether these are all there are: its series has no gap.

    `controlepunt`: what the proofs of the lines hold against, where they were asked for.
    """

    raadplegingen: tuple[Raadpleging, ...]
    volgende: int | None
    volledig: bool | None = None
    controlepunt: str | None = None


def router(services: Services) -> APIRouter:
    """All operations on the access log."""
    routes = partner_router("raadplegingen")
    for add in (_log, _of_person, _own_data, _of_signal):
        add(routes, services)
    _of_case(routes, services, cache(lambda: Wachtrij(services.ledger.store)))
    return routes


def _log(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/raadplegingen",
        summary="Het toegangslogboek",
        operation_id="lijstRaadplegingen",
        response_description="Een bladzijde regels, nieuwste eerst.",
    )
    def log(
        who: Asker,
        doel: Toezichtdoel = None,
        zetel: Zetel = None,
        actor: Annotated[str | None, Query(max_length=120, description="Het systeem of de persoon.")] = None,
        signaalId: UUID | None = None,
        casusId: UUID | None = None,
        waarvoor: Annotated[
            str | None, Query(pattern="^[a-z-]+$", max_length=60, description="Het doel waarvoor is geraadpleegd.")
        ] = None,
        van: Van = None,
        tot: Tot = None,
        na: Na = None,
        aantal: Aantal = 100,
    ) -> Raadplegingen:
        """Voor wie de rechtmatigheid toetst, met een van de vier wettelijke doelen; de vraag zelf is ook een regel."""
        keys = {"signaal": signaalId, "casus": casusId, "zetel": zetel, "actor": actor}
        return _for_officer(
            services, who, doel, "raadplegingen", Vraag(_keys(keys), van, tot, None, waarvoor), na, aantal
        )


def _of_person(routes: APIRouter, services: Services) -> None:
    @routes.post(
        "/raadplegingen/_zoek",
        summary="Wie heeft gegevens van deze betrokkene gezien?",
        operation_id="zoekRaadplegingenBetrokkene",
        response_description="Een bladzijde regels, nieuwste eerst.",
    )
    def of_person(zoekvraag: Zoekvraag, who: Asker) -> Raadplegingen:
        """Voor het toezicht; in de inhoud van een verzoek, want een nummer van een persoon hoort niet in een adres."""
        person = services.ledger.pseudonyms.of(zoekvraag.betrokkene_id)
        vraag = Vraag((), zoekvraag.van, zoekvraag.tot, person)
        asked = zoekvraag.doel, "raadplegingen/_zoek", vraag, zoekvraag.na, zoekvraag.aantal
        return _for_officer(services, who, *asked)


def _own_data(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/raadplegingen/eigen-gegevens",
        summary="Wie raadpleegde de gegevens van deze zetel?",
        operation_id="lijstRaadplegingenEigenGegevens",
        response_description="Een bladzijde regels, nieuwste eerst.",
    )
    def own_data(
        who: Asker, zetel: Zetel = None, van: Van = None, tot: Tot = None, na: Na = None, aantal: Aantal = 100
    ) -> Raadplegingen:
        """Per partner en per periode: wat ontvangers deden met wat deze zetel inbracht."""
        vraag = Vraag(_keys({"bron": who.zetel, "zetel": zetel}), van, tot)
        return _for_provider(services, who, "raadplegingen/eigen-gegevens", vraag, na, aantal)


def _of_signal(routes: APIRouter, services: Services) -> None:
    @routes.get(
        "/signalen/{signaalId}/raadplegingen",
        summary="Wie heeft dit signaal gezien?",
        operation_id="lijstRaadplegingenSignaal",
        response_description="Een bladzijde regels, nieuwste eerst.",
    )
    def of_signal(
        signaalId: UUID, who: Asker, doel: Toezichtdoel = None, na: Na = None, aantal: Aantal = 100
    ) -> Raadplegingen:
        """Voor wie het inbracht: wat ontvangers ermee deden. Voor het toezicht: elke regel."""
        vraag, name = Vraag((f"signaal:{signaalId}",)), "signalen/{signaalId}/raadplegingen"
        if toetst(services.beleid, who.zetel):
            return _for_officer(services, who, doel, name, vraag, na, aantal)
        held = services.views.signaal(who.zetel, signaalId)
        if held is None or all(part["zetel"] != who.zetel for part in held["bijdragen"]):
            raise niet_gevonden()
        return _for_provider(services, who, name, vraag, na, aantal)


def _of_case(routes: APIRouter, services: Services, wachtrij: Callable[[], Wachtrij]) -> None:
    @routes.get(
        "/casussen/{casusId}/raadplegingen",
        summary="Wie heeft in deze casus gekeken?",
        operation_id="lijstRaadplegingenCasus",
        response_description="Een bladzijde regels, nieuwste eerst.",
    )
    def of_case(
        casusId: UUID,
        who: Asker,
        doel: Toezichtdoel = None,
        na: Na = None,
        aantal: Aantal = 100,
        bewijs: Annotated[bool, Query(description="Met het bewijs per regel; alleen voor het toezicht.")] = False,
    ) -> Raadplegingen:
        """Voor een deelnemer: wat met eigen bijdragen is gedaan. Voor het toezicht: elke regel, en of er een mist."""
        vraag, name = Vraag((f"casus:{casusId}",)), "casussen/{casusId}/raadplegingen"
        if not toetst(services.beleid, who.zetel):
            if services.views.casus(who.zetel, casusId) is None:
                raise niet_gevonden()
            return _for_provider(services, who, name, vraag, na, aantal)
        series = services.ledger.store.access_series(casusId)
        answer = _for_officer(services, who, doel, name, vraag, na, aantal, (casusId, wachtrij()))
        answer = _proven(services, answer, f"casus:{casusId}") if bewijs else answer
        if na is not None or answer.volgende is not None:
            return answer
        places = [(line.volgnummer, *line.reeks) for line in answer.raadplegingen if line.reeks]
        return answer.model_copy(update={"volledig": complete(casusId, places[::-1], series)})


def _proven(services: Services, answer: Raadplegingen, sleutel: str) -> Raadplegingen:
    """The same page with a proof of each line, all against one checkpoint: the last that its witnesses signed, where
    that covers them all.
    """
    numbers = [line.volgnummer for line in answer.raadplegingen]
    witnessed = services.published.witnessed(ACCESS_LOG)
    against = Signed(witnessed.size, witnessed.note) if witnessed else None
    if against is None or max(numbers, default=0) > against.size:
        against = services.checkpoints.signed(ACCESS_LOG)
    found = services.checkpoints.access_inclusions(sleutel, numbers, against)
    lines = tuple(
        line.model_copy(update={"bewijs": _proof(proof) if proof else None})
        for line, proof in zip(answer.raadplegingen, found, strict=True)
    )
    return answer.model_copy(update={"raadplegingen": lines, "controlepunt": against.note})


def _proof(proof: Proof) -> Regelbewijs:
    return Regelbewijs(
        blad=base64.b64encode(proof.leaf_data).decode(),
        hashes=tuple(base64.b64encode(one).decode() for one in proof.hashes),
    )


def _for_officer(
    services: Services,
    who: Zetelhouder,
    doel: str | None,
    name: str,
    vraag: Vraag,
    na: int | None,
    aantal: int,
    casus: tuple[UUID, Wachtrij] | None = None,
) -> Raadplegingen:
    """Every line the purpose allows; of a case with its review. Raises Problem 400 or 403."""
    if doel is None:
        raise ongeldige_invoer((Fout(veld="query/doel", melding="Het toezicht noemt een doel van WGS 1.8 lid 4."),))
    asked = Logtoegang(services.beleid, who.zetel, doel, services.clock().date())
    besluit = asked.besluit
    if not isinstance(besluit, Permit):
        raise niet_bevoegd(besluit.reden, besluit.regels, besluit.alternatief)
    page = found(services.ledger.store, vraag, na, aantal, asked.toont)
    write_access(
        services,
        who,
        vraag=name,
        doel=doel,
        objecten=[key for key in vraag.sleutels if key.startswith("signaal:")],
        velden=[AUDITREGEL],
        grondslagen=besluit.bronnen,
        regels=besluit.regels,
        resultaat="toegestaan" if page.records else "leeg",
    )
    if casus is None:
        return _page(page, lambda record: _whole(record, None, None))
    id, wachtrij = casus
    judged = _judged(services, who, wachtrij, page.records)
    return _page(page, lambda record: _whole(record, id, judged[record["volgnummer"]]))


def _judged(
    services: Services, who: Zetelhouder, wachtrij: Wachtrij, records: Sequence[Record]
) -> dict[int, Beoordeling]:
    step = services.ledger.looking(who.zetel, services.clock())
    return beoordelingen(step, services.ledger.store, wachtrij, records)


def _for_provider(
    services: Services, who: Zetelhouder, name: str, vraag: Vraag, na: int | None, aantal: int
) -> Raadplegingen:
    """What was done with the seat's own data by itself and by those it knows to have received them."""
    store, recipients = services.ledger.store, _Recipients(services, who.zetel)
    page = found(store, vraag, na, aantal, recipients.own_part)
    write_access(
        services,
        who,
        vraag=name,
        doel="interne-controle",
        objecten=[key for key in vraag.sleutels if key.startswith("signaal:")],
        velden=[AUDITREGEL],
        regels=[OWN_RULE],
        resultaat="toegestaan" if page.records else "leeg",
    )
    return _page(page, recipients.own_line)


class _Recipients:
    """Who received which of the signals that a seat brought in, as that seat may know."""

    def __init__(self, services: Services, zetel: str) -> None:
        self._views, self._zetel = services.views, zetel
        self._known: dict[str, dict[str, set[str]]] = {}

    def own_part(self, record: Record) -> dict[str, set[str]]:
        """Objects of the record that are the seat's own data in the hands of a recipient, with their categories."""
        if record["resultaat"] == "geweigerd" or AUDITREGEL in record["velden"]:
            return {}
        if record["vraag"] in _ZWIJGEN and record["zetel"] != self._zetel:
            return {}
        signals = [one for one in record["objecten"] if one.startswith("signaal:")]
        self._look_up([one for one in signals if one not in self._known])
        pushed = record["handeling"] == "verstrekken" and record["ontvangers"]
        seat = record["ontvangers"][0] if pushed else record["zetel"]
        if seat == self._zetel:
            return {one: set(record["velden"]) for one in signals}
        return {one: self._known[one][seat] for one in signals if seat in self._known[one]}

    def own_line(self, record: Record) -> Raadpleging:
        """The line without the case it was in, who sat behind the seat, or anything of another's data."""
        own = self.own_part(record)
        allowed = {category for categories in own.values() for category in categories}
        shown = ("volgnummer", "tijdstip", "handeling", "vraag", "resultaat", "zetel", "doel", "grondslagen")
        line = {name: record[name] for name in shown}
        velden = tuple(one for one in record["velden"] if one in allowed)
        seen = record["ontvangers"] if record["handeling"] == "verstrekken" else ()
        return Raadpleging(**line, objecten=tuple(own), velden=velden, ontvangers=tuple(seen))

    def _look_up(self, signals: Iterable[str]) -> None:
        ids = {UUID(one.partition(":")[2]): one for one in signals}
        if not ids:
            return
        received = self._views.ontvangers_van(self._zetel, list(ids))
        for id, name in ids.items():
            self._known[name] = received.get(str(id), {})


def _whole(record: Record, casus: UUID | None, judged: Beoordeling | None) -> Raadpleging:
    known = {name: record[name] for name in Raadpleging.model_fields if name in record}
    place = (record.get("reeks") or {}).get(str(casus)) if casus else None
    oordeel = Machineoordeel.model_validate(judged, from_attributes=True) if judged else None
    return Raadpleging.model_validate(known | {"reeks": place, "oordeel": oordeel})


def _page(page: Bladzijde, line: Callable[[Record], Raadpleging]) -> Raadplegingen:
    return Raadplegingen(raadplegingen=tuple(map(line, page.records)), volgende=page.volgende)


def _keys(named: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(f"{kind}:{value}" for kind, value in named.items() if value is not None)
