"""What a command did to data of persons, as records for the access log: beside the facts, in the same commit.

Source: Wpg art. 32a; WGS art. 1.8 lid 4; BIO2 8.15.01.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from contracts.casus import KoppelSignaal
from contracts.message import Command, Event
from contracts.navraag import DoeNavraag, NavraagGedaan
from contracts.overleg import ZetOpAgenda
from contracts.register import REFUSALS
from contracts.resultaat import MaakResultaat, ResultaatVerstrekt, VerstrekAanDerde, VerstrekAanVerband
from contracts.signaal import DoorzetSignaal, RegistreerSignaal, VerrijkSignaal
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingGeweigerd
from hub.access.beleid import Beleid
from hub.audit.access import Access, Entry, Handeling, Pseudonyms
from hub.domain.kennisgeving import KennisgevingEvent
from hub.domain.verzoek import VerzoekEvent
from hub.handling.work import Work

#: So many objects a record names at most; one that names more is cut into several.
MAX_OBJECTEN = 200
#: The register names this activity for what has no rule of its own: running the hub.
TECHNIEK = "hub-koppelvlak-aanroepen"
GEEN_DOEL = "niet-opgegeven"
RECHTEN = "betrokkene-rechten"
HUB_ACTOR = "hub"
_KINDS: dict[type[Command], Handeling] = {
    RegistreerSignaal: "verzamelen",
    VerrijkSignaal: "verzamelen",
    KoppelSignaal: "combineren",
    ZetOpAgenda: "combineren",
    MaakResultaat: "combineren",
    DoorzetSignaal: "verstrekken",
    VerstrekAanDerde: "verstrekken",
    VerstrekAanVerband: "verstrekken",
    DoeNavraag: "verstrekken",
}
_PERSON = "betrokkene_id"
#: Identifiers of persons, and of what is found by the signal it belongs to.
_NO_OBJECTS = frozenset({"betrokkene", "verstrekking", "toestemming", "bijdrage"}) | frozenset(
    {"terugroeping", "terugkoppeling", "correctie", "plicht", "bedenktijd", "navraag"}
)
_DISCLOSURES = (SignaalVerstrekt, ResultaatVerstrekt, VerstrekkingGeweigerd, NavraagGedaan)


@dataclass(frozen=True, slots=True)
class Herkomst:
    """Where a command came from. `oin`: organisation; `adres`: network address; `trace`, `ouder`: W3C, hexadecimal."""

    oin: str = ""
    adres: str = HUB_ACTOR
    trace: str = "0" * 32
    ouder: str = ""


#: Of what nobody asked.
HUB_ZELF = Herkomst()


@dataclass(frozen=True, slots=True)
class Daad:
    """Who asked what, when. `actor`: system or person in the seat; the hub itself where nobody asked."""

    vraag: str
    handeling: Handeling
    zetel: str
    actor: str
    herkomst: Herkomst
    nu: datetime


class Decision(NamedTuple):
    """What decision records say that an access record repeats."""

    doel: str
    velden: tuple[str, ...]
    grondslagen: tuple[str, ...]
    regels: tuple[str, ...]


class Act(NamedTuple):
    """What a unit of work comes to, for the log. `about`: what was decided; `bronnen`: whose data it was."""

    refused: bool
    about: Decision
    bronnen: tuple[str, ...]


def soort_van(command: type[Command]) -> Handeling:
    """The kind of act, in the words of the law. Source: Wpg art. 32a lid 1."""
    if command.__name__.startswith(("Vernietig", "Wis")):
        return "vernietigen"
    return _KINDS.get(command, "wijzigen")


def naam_van(command: type[Command]) -> str:
    """The command as the log names it: `registreer-signaal`."""
    return command.TYPE.rpartition(".v")[0].rpartition(".")[2]


def objects_of(message: Command | Event) -> Iterator[str]:
    """The objects of the hub that a message names: `signaal:<id>` and the like; no persons."""
    for field, kind in _identifiers(type(message)):
        value = getattr(message, field)
        if value is not None:
            yield f"{kind}:{value}"


@lru_cache(maxsize=1024)
def _identifiers(cls: type[Command | Event]) -> tuple[tuple[str, str], ...]:
    named = {name: name.removesuffix("_id") for name in cls.model_fields if name.endswith("_id")}
    return tuple((name, kind) for name, kind in named.items() if kind not in _NO_OBJECTS)


@lru_cache(maxsize=4096)
def _read(decisions: tuple[bytes, ...]) -> Decision:
    known: list[dict[str, Any]] = [orjson.loads(one) for one in decisions]
    allowed = [one.get("toegestaan") for one in known]
    velden = {category for one in allowed if isinstance(one, dict) for given in one.values() for category in given}
    return Decision(
        next((one["doel"] for one in known if one.get("doel")), GEEN_DOEL),
        tuple(sorted(velden)),
        tuple(sorted({ground for one in known for ground in one.get("grondslagen") or ()})),
        tuple(sorted({rule for one in known for rule in one.get("regels") or ()})),
    )


def activities(beleid: Beleid, regels: Iterable[str]) -> tuple[str, ...]:
    """The processing activities (`<id>@<version>`) of the register to which rules belong; never none."""
    known = beleid.verwerkingen
    found = {known[regel] for regel in regels if regel in known} or {known[TECHNIEK]}
    return tuple(sorted(found))


def entries(daad: Daad, work: Work, beleid: Beleid, names: Pseudonyms) -> tuple[Entry, ...]:
    """The records of one unit of work, after its `draft`: of the act itself, and of each recipient it led to."""
    act = _act(work)
    own = _record(daad, beleid, act, tuple(_objects(work)), names.all(_persons(work)))
    return own.entry(), *(one.entry() for one in _disclosed(daad, work, act, beleid, names))


def batch_entries(done: Sequence[tuple[Daad, Work]], beleid: Beleid, names: Pseudonyms) -> tuple[Entry, ...]:
    """The records of many acts of one kind: those of one asker with one outcome together."""
    alike: dict[tuple[Daad, Act], list[Work]] = {}
    for daad, work in done:
        alike.setdefault((daad, _act(work)), []).append(work)
    records = [
        _record(
            daad,
            beleid,
            act,
            tuple(dict.fromkeys(chain.from_iterable(map(_objects, part)))),
            names.all(chain.from_iterable(map(_persons, part))),
        )
        for (daad, act), together in alike.items()
        for part in _parts(together)
    ]
    for (daad, act), together in alike.items():
        records += chain.from_iterable(_disclosed(daad, work, act, beleid, names) for work in together)
    return tuple(record.entry() for record in records)


def _parts(works: list[Work]) -> Iterator[list[Work]]:
    for start in range(0, len(works), MAX_OBJECTEN):
        yield works[start : start + MAX_OBJECTEN]


def _act(work: Work) -> Act:
    events, decisions = work.added, tuple(one for _, one, _ in work.recorded() if one)
    refused = all(isinstance(event, REFUSALS) for event in events)
    about = _read(decisions)
    if about.doel == GEEN_DOEL and any(isinstance(event, VerzoekEvent | KennisgevingEvent) for event in events):
        # A step in a request by a person that no decision stands beside.
        about = about._replace(doel=RECHTEN)
    return Act(refused, about, _sources(events))


def _objects(work: Work) -> Iterator[str]:
    return iter(dict.fromkeys(chain.from_iterable(map(objects_of, work.added))))


def _persons(work: Work) -> set[UUID]:
    named = {person for event in work.added if (person := vars(event).get(_PERSON))}
    return work.persons() | named


def _about(event: Event, work: Work) -> set[UUID]:
    """The persons of a signal whose data goes to a recipient."""
    if not isinstance(event, SignaalVerstrekt):
        return set()
    everyone = {person for one in work.signaal(event.signaal_id).bijdragen.values() for person in one.personen}
    return everyone if event.betrokkenen is None else everyone & set(event.betrokkenen)


def _disclosed(daad: Daad, work: Work, act: Act, beleid: Beleid, names: Pseudonyms) -> Iterator[Access]:
    """Who got what, or did not: one record per recipient. Source: Wpg art. 32a lid 1; LED art. 25 lid 1."""
    by_recipient: dict[tuple[str, bool, str, UUID | None], list[Any]] = {}
    for event in work.added:
        if isinstance(event, _DISCLOSURES):
            refused, doel = isinstance(event, VerstrekkingGeweigerd), getattr(event, "doel", act.about.doel)
            place = (event.ontvanger, refused, doel, getattr(event, "casus_id", None))
            by_recipient.setdefault(place, []).append(event)
    for (ontvanger, refused, doel, _), together in by_recipient.items():
        about = Decision(
            doel,
            tuple(sorted({one for event in together for one in event.categorieen})),
            tuple(sorted({one for event in together for one in getattr(event, "grondslagen", ())})),
            tuple(sorted({one for event in together for one in event.regels})),
        )
        yield _record(
            replace(daad, handeling="verstrekken"),
            beleid,
            Act(refused, about, _sources(together) or act.bronnen),
            tuple(dict.fromkeys(chain.from_iterable(map(objects_of, together)))),
            names.all({person for event in together for person in _about(event, work)}),
            (ontvanger,),
        )


def _record(
    daad: Daad,
    beleid: Beleid,
    act: Act,
    objecten: tuple[str, ...],
    betrokkenen: tuple[str, ...],
    ontvangers: tuple[str, ...] = (),
) -> Access:
    return Access(
        handeling=daad.handeling,
        vraag=daad.vraag,
        resultaat="geweigerd" if act.refused else "toegestaan",
        zetel=daad.zetel,
        oin=daad.herkomst.oin,
        actor=daad.actor,
        herkomst=daad.herkomst.adres,
        tijdstip=daad.nu,
        trace=daad.herkomst.trace,
        ouder=daad.herkomst.ouder,
        beleidsversie=beleid.versie,
        doel=act.about.doel,
        velden=act.about.velden,
        grondslagen=act.about.grondslagen,
        regels=act.about.regels,
        verwerkingen=activities(beleid, act.about.regels),
        bronnen=act.bronnen or (daad.zetel,),
        objecten=objecten,
        betrokkenen=betrokkenen,
        ontvangers=ontvangers,
    )


def _sources(events: Iterable[Event]) -> tuple[str, ...]:
    """The seats whose data is disclosed."""
    return tuple(sorted({seat for event in events for seat in vars(event).get("per_bron", ())}))
