"""No log, no data: the one way in which a door writes down what it is about to show."""

from collections.abc import Iterable
from uuid import UUID

from contracts.problems import niet_beschikbaar
from hub.api.identity import Zetelhouder
from hub.api.services import Services
from hub.audit.access import Access, Handeling, Resultaat
from hub.ledger.store import LedgerUnavailable


def write_access(
    services: Services,
    who: Zetelhouder,
    *,
    vraag: str,
    doel: str,
    objecten: Iterable[str] = (),
    velden: Iterable[str] = (),
    grondslagen: Iterable[str] = (),
    resultaat: Resultaat = "toegestaan",
    handeling: Handeling = "raadplegen",
    casus: UUID | None = None,
) -> int:
    """Write the record of an access; durable when this returns its number. Raises Problem 503.

    `vraag`: template of the operation. `objecten`: such as `signaal:<id>`. `velden`: data categories.
    Source: Wpg art. 32a; WGS art. 1.8 lid 4; BIO2 8.15.01.
    """
    record = Access(
        handeling=handeling,
        vraag=vraag,
        resultaat=resultaat,
        zetel=who.zetel,
        oin=who.oin,
        actor=who.client,
        herkomst=who.adres or "onbekend",
        tijdstip=services.clock(),
        doel=doel,
        trace=who.trace,
        objecten=tuple(objecten),
        velden=tuple(sorted(set(velden))),
        grondslagen=tuple(sorted(set(grondslagen))),
        beleidsversie=services.beleid.versie,
        casus=str(casus) if casus else None,
    )
    try:
        (number,) = services.access_log.append_access([record.to_bytes()])
    except LedgerUnavailable as error:
        raise niet_beschikbaar() from error
    return number
