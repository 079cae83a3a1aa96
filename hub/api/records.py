"""No log, no data: the one way in which a door writes down what it is about to show."""

from collections.abc import Iterable
from uuid import UUID

from contracts.problems import niet_beschikbaar
from hub.api.identity import Zetelhouder
from hub.api.services import Services
from hub.audit.access import Access, Handeling, Resultaat
from hub.handling.vastleggen import GEEN_DOEL, Herkomst, activities
from hub.ledger.store import LedgerUnavailable

NO_ADDRESS = "onbekend"


def origin_of(who: Zetelhouder) -> Herkomst:
    """Where a request came from, for the records of a command. Source: BIO2 8.15.01."""
    return Herkomst(who.oin, who.adres or NO_ADDRESS, who.trace, who.ouder)


def write_access(
    services: Services,
    who: Zetelhouder,
    *,
    vraag: str,
    doel: str,
    objecten: Iterable[str] = (),
    velden: Iterable[str] = (),
    grondslagen: Iterable[str] = (),
    regels: Iterable[str] = (),
    betrokkenen: Iterable[UUID | str] = (),
    resultaat: Resultaat = "toegestaan",
    handeling: Handeling = "raadplegen",
    casus: UUID | None = None,
    ontvangers: Iterable[str] | None = None,
    bronnen: Iterable[str] = (),
) -> int:
    """Write the record of an access; durable when this returns its number. Raises Problem 503.

    `vraag`: template of the operation. `objecten`: such as `signaal:<id>`. `velden`: data categories. `regels`: rules
    by which it is shown, which name the processing activity. `betrokkenen`: persons; the record names pseudonyms.
    `ontvangers`: seats it goes to; the asker by default. `bronnen`: seats whose data it is. Source: Wpg art. 32a; WGS art. 1.8 lid 4; BIO2 8.15.01.
    """
    beleid, rules = services.beleid, tuple(sorted(set(regels)))
    persons = tuple(betrokkenen)
    record = Access(
        handeling=handeling,
        vraag=vraag,
        resultaat=resultaat,
        zetel=who.zetel,
        oin=who.oin,
        actor=who.client,
        herkomst=who.adres or NO_ADDRESS,
        tijdstip=services.clock(),
        doel=doel or GEEN_DOEL,
        trace=who.trace,
        ouder=who.ouder,
        objecten=tuple(objecten),
        velden=tuple(sorted(set(velden))),
        grondslagen=tuple(sorted(set(grondslagen))),
        regels=rules,
        verwerkingen=activities(beleid, rules),
        betrokkenen=services.ledger.pseudonyms.all(persons) if persons else (),
        beleidsversie=beleid.versie,
        casus=str(casus) if casus else None,
        bronnen=tuple(sorted(set(bronnen))),
        ontvangers=(who.zetel,) if ontvangers is None else tuple(ontvangers),
    )
    try:
        (number,) = services.access_log.append_access([record.entry()])
    except LedgerUnavailable as error:
        raise niet_beschikbaar() from error
    who.logged.append(number)
    return number
