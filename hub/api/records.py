"""No log, no data: the one way in which a door writes down what it is about to show."""

from collections.abc import Callable, Iterable, Sequence
from typing import Required, TypedDict, Unpack
from uuid import UUID

from contracts.problems import niet_beschikbaar
from hub.api.identity import Zetelhouder
from hub.api.services import Services
from hub.audit.access import Access, Handeling, Resultaat
from hub.handling.vastleggen import GEEN_DOEL, Herkomst, activities
from hub.ledger.store import LedgerUnavailable

NO_ADDRESS = "onbekend"


class Look(TypedDict, total=False):
    """What a door says of an access.

    `vraag`: template of the operation. `objecten`: such as `signaal:<id>`. `velden`: data categories. `regels`: rules
    by which it is shown, which name the processing activity. `betrokkenen`: persons; the record names pseudonyms.
    `ontvangers`: seats it goes to, the asker by default. `bronnen`: seats whose data it is.
    """

    vraag: Required[str]
    doel: Required[str]
    objecten: Iterable[str]
    velden: Iterable[str]
    grondslagen: Iterable[str]
    regels: Iterable[str]
    betrokkenen: Iterable[UUID | str]
    resultaat: Resultaat
    handeling: Handeling
    casus: UUID | None
    ontvangers: Iterable[str]
    bronnen: Iterable[str]


def origin_of(who: Zetelhouder) -> Herkomst:
    """Where a request came from, for the records of a command. Source: BIO2 8.15.01."""
    return Herkomst(who.oin, who.adres or NO_ADDRESS, who.trace, who.ouder)


def write_access(services: Services, who: Zetelhouder, **look: Unpack[Look]) -> int:
    """Write the record of an access; durable when this returns its number. Raises Problem 503.

    Source: Wpg art. 32a; WGS art. 1.8 lid 4; BIO2 8.15.01.
    """
    (number,) = begin_all(services, who, [look])()
    return number


def begin_all(services: Services, who: Zetelhouder, looks: Sequence[Look]) -> Callable[[], list[int]]:
    """The same while the answer is being made, and of more than one kind of thing shown, such as what one lost.

    What this returns waits until the records are durable, and must have before anything leaves.
    """
    try:
        durable = services.access_log.begin_access([_record(services, who, look).entry() for look in looks])
    except LedgerUnavailable as error:
        raise niet_beschikbaar() from error

    def written() -> list[int]:
        try:
            numbers = durable()
        except LedgerUnavailable as error:
            raise niet_beschikbaar() from error
        who.logged.extend(numbers)
        return numbers

    return written


def _record(services: Services, who: Zetelhouder, look: Look) -> Access:
    beleid, rules = services.beleid, _sorted(look.get("regels", ()))
    persons, casus = tuple(look.get("betrokkenen", ())), look.get("casus")
    return Access(
        handeling=look.get("handeling", "raadplegen"),
        vraag=look["vraag"],
        resultaat=look.get("resultaat", "toegestaan"),
        zetel=who.zetel,
        oin=who.oin,
        actor=who.client,
        herkomst=who.adres or NO_ADDRESS,
        tijdstip=services.clock(),
        doel=look["doel"] or GEEN_DOEL,
        trace=who.trace,
        ouder=who.ouder,
        objecten=tuple(look.get("objecten", ())),
        velden=_sorted(look.get("velden", ())),
        grondslagen=_sorted(look.get("grondslagen", ())),
        regels=rules,
        verwerkingen=activities(beleid, rules),
        betrokkenen=services.ledger.pseudonyms.all(persons) if persons else (),
        beleidsversie=beleid.versie,
        casus=str(casus) if casus else None,
        bronnen=_sorted(look.get("bronnen", ())),
        ontvangers=tuple(look.get("ontvangers", (who.zetel,))),
    )


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
