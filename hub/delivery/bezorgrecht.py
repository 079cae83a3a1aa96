"""May the hub deliver to this subscriber now? The policy says, each time; and what leaves is on record before.

Source: NL GOV CloudEvents 1.1, webhooks; WGS art. 1.8 lid 4.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from hub.access.permit import Permit
from hub.access.verzoek import Verzoek
from hub.audit.access import Access, Entry
from hub.delivery.gebeurtenissen import Gebeurtenis
from hub.handling.beleidsversies import Policy
from hub.handling.disclose import HUBZETEL
from hub.handling.questions import seat_type
from hub.handling.vastleggen import HUB_ACTOR, activities

DOEL, LANDELIJK = "techniek", "landelijk"
VRAAG = "bezorging/webhook"
GOOD = 204


@dataclass(frozen=True, slots=True)
class Situatie:
    """What counts. `handdruk`: the subscriber agreed; `openbaar`: its address is public, as far as is known;

    `laatste_status`: of its last answer; `gewacht`: no wait it asked for is running.
    """

    handdruk: bool
    openbaar: bool
    laatste_status: int = GOOD
    gewacht: bool = True


class Bezorgrecht:
    """Asks the policy in force; it keeps its answers itself."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def mag(self, situatie: Situatie, nu: datetime) -> bool:
        """Whether notices may leave."""
        asked = Verzoek(
            zetel=seat_type(HUBZETEL),
            rol="bezorger",
            handeling="afleveren",
            spoor="hub",
            regio=LANDELIJK,
            datum=nu.date(),
            categorie="aankondiging",
            bron_zetel=seat_type(HUBZETEL),
            fase=0,
            doel=DOEL,
            omstandigheden={
                "webhook_handdruk": situatie.handdruk,
                "terugbeladres": "publiek" if situatie.openbaar else "privaat",
                "laatste_status": situatie.laatste_status,
                "wachttijd_gevolgd": situatie.gewacht,
            },
        )
        return isinstance(self._policy.at(nu).beleid.toets(asked), Permit)

    def records(self, batch: Sequence[Gebeurtenis], nu: datetime, trace: Callable[[], str]) -> list[Entry]:
        """What is about to leave, a record per receiving seat. `trace`: makes 32 hexadecimal digits."""
        seats: dict[str, list[Gebeurtenis]] = {}
        for one in batch:
            seats.setdefault(one.zetel, []).append(one)
        beleid = self._policy.at(nu).beleid
        record = partial(
            Access,
            handeling="verstrekken",
            vraag=VRAAG,
            resultaat="toegestaan",
            zetel=HUBZETEL,
            oin="",
            actor=HUB_ACTOR,
            herkomst=HUB_ACTOR,
            tijdstip=nu,
            doel=DOEL,
            regels=("hub-bezorgen",),
            verwerkingen=activities(beleid, ("hub-bezorgen",)),
            beleidsversie=beleid.versie,
        )
        objects = {zetel: tuple(dict.fromkeys(one.object for one in found)) for zetel, found in seats.items()}
        return [record(trace=trace(), ontvangers=(zetel,), objecten=about).entry() for zetel, about in objects.items()]
