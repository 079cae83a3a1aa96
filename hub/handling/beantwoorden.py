"""Reading requests, and putting an answer together: asked of the policy each time, from the ledger alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from contracts.verzoek import VerzoekOntvangen
from hub.domain import verzoek
from hub.domain.antwoord import Antwoord, antwoord
from hub.domain.inzage import Inzage
from hub.domain.oordeel import Onbekend, Oordeel, Strijdig
from hub.domain.verzoek import Dossier
from hub.handling.beleidsversies import Policy
from hub.handling.inzage import Collected, collect
from hub.handling.step import Step
from hub.handling.verzoeken import JAREN_ONTVANGERS, dossier_of, may_collect
from hub.handling.work import Work
from hub.ledger.latest import Latest
from hub.ledger.store import LedgerStore


class Bekend(NamedTuple):
    """A request and its number."""

    verzoek_id: UUID
    dossier: Dossier


@dataclass(frozen=True, slots=True)
class Gegeven:
    """An answer with what the access log must say of it. `signalen`, `betrokkenen`: whom and what it tells of."""

    antwoord: Antwoord
    signalen: tuple[UUID, ...]
    betrokkenen: tuple[UUID, ...]
    oordeel: Oordeel


class Requests:
    """All requests, read from the ledger. `work`: a unit of work to read with."""

    def __init__(self, store: LedgerStore, work: Callable[[], Work], policy: Policy) -> None:
        self._received = Latest(store, (VerzoekOntvangen.TYPE,))
        self._work, self._policy = work, policy

    def all(self) -> list[Bekend]:
        """Every request, the one with the nearest last day first; those that are done last."""
        work = self._work()
        ids = list(self._received.last_of((VerzoekOntvangen.TYPE,)))
        work.load(ids)
        return sorted((Bekend(id, dossier_of(work, id)) for id in ids), key=_nearest)

    def of(self, zetel: str) -> list[Bekend]:
        """The requests of a seat: that it handles, was asked about, or has a task of."""
        return [one for one in self.all() if concerns(one.dossier, zetel)]

    def overdue(self, nu: datetime) -> list[Bekend]:
        """The requests whose term is over without an answer."""
        return [one for one in self.all() if one.dossier.te_laat(nu.date())]

    def answer(self, verzoek_id: UUID, zetel: str, nu: datetime) -> Gegeven:
        """The answer as it would leave now. Raises Onbekend, Strijdig.

        A refusal of the policy for a ground of UAVG art. 41 is answered as for somebody of whom nothing is known.
        """
        work = self._work()
        dossier = dossier_of(work, verzoek_id)
        if dossier.behandelaar != zetel or dossier.klok is None:
            raise Onbekend
        if not dossier.vastgesteld:
            raise Strijdig("Stel eerst vast wie het verzoek doet.")
        if dossier.geraadpleegd is None or dossier.nog_niet_gehoord:
            raise Strijdig("Nog niet elke deelnemer heeft gezegd of er een grond is om te weigeren.")
        questions = self._policy.at(nu)
        step = Step(work, questions, zetel, nu, _no_name)
        answered = may_collect(step, dossier)
        told = collect(work, questions.beleid, dossier, nu.date(), JAREN_ONTVANGERS)
        if told.gevonden - {(one.zetel, one.signaal_id) for one in dossier.betreft}:
            raise Strijdig("Er is sinds de raadpleging een bron bijgekomen. Raadpleeg de deelnemers opnieuw.")
        if not answered.oordeel.categorieen or dossier.stand == verzoek.GEWEIGERD or dossier.recht != verzoek.INZAGE:
            told = Collected(Inzage())
        written = antwoord(dossier, told.inzage, dossier.klok.begin, max(dossier.klok.verzenddag, nu.date()))
        return Gegeven(written, told.signalen, told.betrokkenen, answered.oordeel)


def concerns(dossier: Dossier, zetel: str) -> bool:
    """Whether a seat knows of a request."""
    asked = zetel in (dossier.geraadpleegd or frozenset())
    return zetel == dossier.behandelaar or asked or any(task.zetel == zetel for task in dossier.taken.values())


def categories_of(told: Inzage) -> set[str]:
    """The data categories of what is told."""
    sources: Iterable[str] = (one for line in told.bronnen for one in line.rubrieken)
    return {*sources, *(one for line in told.ontvangers for one in line.categorieen)}


def _nearest(one: Bekend) -> tuple[bool, date, UUID]:
    last = one.dossier.klok.uiterlijk if one.dossier.klok else date.max
    return one.dossier.stand in verzoek.KLAAR, last, one.verzoek_id


def _no_name(casus_id: UUID, zetel: str) -> UUID:
    return casus_id
