"""What a command did to data of persons, as records for the access log: beside the facts, in the same commit.

Source: Wpg art. 32a; WGS art. 1.8 lid 4; BIO2 8.15.01.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from contracts.casus import KoppelSignaal
from contracts.message import Command, Event
from contracts.overleg import ZetOpAgenda
from contracts.register import REFUSALS
from contracts.resultaat import MaakResultaat, ResultaatVerstrekt, VerstrekAanDerde, VerstrekAanVerband
from contracts.signaal import DoorzetSignaal, RegistreerSignaal, VerrijkSignaal
from contracts.verstrekking import SignaalVerstrekt, VerstrekkingGeweigerd
from hub.access.beleid import Beleid
from hub.audit.access import Access, Entry, Handeling, Pseudonyms
from hub.handling.work import Work

#: So many objects a record names at most; one that names more is cut into several.
MAX_OBJECTEN = 200
#: The register names this activity for what has no rule of its own: running the hub.
TECHNIEK = "hub-koppelvlak-aanroepen"
GEEN_DOEL = "niet-opgegeven"
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
}
_PERSON = "betrokkene_id"
#: Identifiers of persons, and of what is found by the signal it belongs to.
_NO_OBJECTS = frozenset({"betrokkene", "verstrekking", "toestemming", "bijdrage", "terugroeping", "correctie"})
_DISCLOSURES = (SignaalVerstrekt, ResultaatVerstrekt, VerstrekkingGeweigerd)


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
    """What a decision record says that an access record repeats."""

    doel: str
    velden: tuple[str, ...]
    grondslagen: tuple[str, ...]
    regels: tuple[str, ...]


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
def _read(decision: bytes) -> Decision:
    known: dict[str, Any] = orjson.loads(decision)
    allowed = known.get("toegestaan") or {}
    velden = chain.from_iterable(allowed.values()) if isinstance(allowed, dict) else ()
    return Decision(
        known.get("doel") or GEEN_DOEL,
        tuple(sorted(set(velden))),
        tuple(known.get("grondslagen") or ()),
        tuple(known.get("regels") or ()),
    )


def activities(beleid: Beleid, regels: Iterable[str]) -> tuple[str, ...]:
    """The processing activities (`<id>@<version>`) of the register to which rules belong; never none."""
    known = beleid.verwerkingen
    found = {known[regel] for regel in regels if regel in known} or {known[TECHNIEK]}
    return tuple(sorted(found))


def entries(daad: Daad, work: Work, beleid: Beleid, names: Pseudonyms) -> tuple[Entry, ...]:
    """The records of one unit of work, after its `draft`: of the act itself, and of each recipient it led to."""
    return tuple(record.entry() for record in _records(daad, work, beleid, names))


def batch_entries(done: Sequence[tuple[Daad, Work]], beleid: Beleid, names: Pseudonyms) -> tuple[Entry, ...]:
    """The records of many acts of one kind: those of one asker with one outcome together."""
    together: dict[Access, list[Access]] = {}
    for record in chain.from_iterable(_records(daad, work, beleid, names) for daad, work in done):
        alike = replace(record, objecten=(), betrokkenen=())
        together.setdefault(alike, []).append(record)
    return tuple(
        replace(alike, objecten=_all("objecten", part), betrokkenen=_all("betrokkenen", part)).entry()
        for alike, records in together.items()
        for part in _parts(records)
    )


def _parts(records: list[Access]) -> Iterator[list[Access]]:
    for start in range(0, len(records), MAX_OBJECTEN):
        yield records[start : start + MAX_OBJECTEN]


def _all(field: str, records: Iterable[Access]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for record in records for value in getattr(record, field)))


def _records(daad: Daad, work: Work, beleid: Beleid, names: Pseudonyms) -> Iterator[Access]:
    recorded = list(work.recorded())
    decisions = [_read(decision) for _, decision, _ in recorded if decision]
    persons = work.persons() | {person for event, _, _ in recorded if (person := getattr(event, _PERSON, None))}
    regels = _distinct(decisions, "regels")
    refused = all(isinstance(event, REFUSALS) for event, _, _ in recorded)
    act = _record(
        daad,
        beleid,
        resultaat="geweigerd" if refused else "toegestaan",
        doel=next((one.doel for one in decisions), GEEN_DOEL),
        objecten=tuple(dict.fromkeys(chain.from_iterable(objects_of(event) for event, _, _ in recorded))),
        betrokkenen=names.all(persons),
        velden=_distinct(decisions, "velden"),
        grondslagen=_distinct(decisions, "grondslagen"),
        regels=regels,
        bronnen=_sources(event for event, _, _ in recorded) or (daad.zetel,),
    )
    yield act
    disclosures = [event for event, _, _ in recorded if isinstance(event, _DISCLOSURES)]
    yield from _disclosed(daad, disclosures, act, beleid, lambda event: names.all(_about(event, work)))


def _about(event: Event, work: Work) -> set[UUID]:
    """The persons of a signal whose data goes to a recipient."""
    if not isinstance(event, SignaalVerstrekt):
        return set()
    everyone = {person for one in work.signaal(event.signaal_id).bijdragen.values() for person in one.personen}
    return everyone if event.betrokkenen is None else everyone & set(event.betrokkenen)


def _disclosed(
    daad: Daad, events: Sequence[Any], act: Access, beleid: Beleid, about: Callable[[Event], tuple[str, ...]]
) -> Iterator[Access]:
    """Who got what, or did not: one record per recipient. Source: Wpg art. 32a lid 1; LED art. 25 lid 1."""
    by_recipient: dict[tuple[str, bool, str, UUID | None], list[Any]] = {}
    for event in events:
        refused = isinstance(event, VerstrekkingGeweigerd)
        doel = getattr(event, "doel", act.doel)
        by_recipient.setdefault((event.ontvanger, refused, doel, getattr(event, "casus_id", None)), []).append(event)
    for (ontvanger, refused, doel, _), together in by_recipient.items():
        yield _record(
            replace(daad, handeling="verstrekken"),
            beleid,
            resultaat="geweigerd" if refused else "toegestaan",
            doel=doel,
            objecten=tuple(dict.fromkeys(chain.from_iterable(map(objects_of, together)))),
            betrokkenen=tuple(sorted({one for event in together for one in about(event)})),
            velden=tuple(sorted({one for event in together for one in event.categorieen})),
            grondslagen=tuple(sorted({one for event in together for one in getattr(event, "grondslagen", ())})),
            regels=tuple(sorted({one for event in together for one in event.regels})),
            ontvangers=(ontvanger,),
            bronnen=_sources(together) or act.bronnen,
        )


def _record(daad: Daad, beleid: Beleid, *, regels: tuple[str, ...], **more: Any) -> Access:
    return Access(
        handeling=daad.handeling,
        vraag=daad.vraag,
        zetel=daad.zetel,
        oin=daad.herkomst.oin,
        actor=daad.actor,
        herkomst=daad.herkomst.adres,
        tijdstip=daad.nu,
        trace=daad.herkomst.trace,
        ouder=daad.herkomst.ouder,
        beleidsversie=beleid.versie,
        regels=regels,
        verwerkingen=activities(beleid, regels),
        **more,
    )


def _sources(events: Iterable[Event]) -> tuple[str, ...]:
    """The seats whose data is disclosed."""
    return tuple(sorted({seat for event in events for seat in getattr(event, "per_bron", ())}))


def _distinct(decisions: Iterable[Decision], field: str) -> tuple[str, ...]:
    return tuple(sorted({value for one in decisions for value in getattr(one, field)}))
