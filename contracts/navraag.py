"""A person of one partnership asks another whether it has the same: yes or no and whom to call, never content.

Source: WGS art. 1.7 lid 8; Bgs art. 1.10.
"""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.message import OPEN, Command, Event, Part
from contracts.signaal import NS
from contracts.waarden import ZetelId

#: The contact point of a partnership, which alone answers for it.
CONTACTPUNT = Field(pattern=r"^(riec|zvh)\.bureau@[a-z0-9-]+$", max_length=120)
#: Why it is necessary to know; a code, for words could carry content across.
NOODZAAK = Field(pattern="^(dubbel-werk-voorkomen|interventies-afstemmen|veiligheid-slachtoffer)$")


class DoeNavraag(Command):
    """Ask the contact point of another partnership whether it has the same signal, or the same person of one source.

    The same is what has the same number in the hub and nothing else: no names, dates or addresses are compared.
    `signaal_id`: in the case `casus_id`, both in the view of who asks. `betrokkene_id`: a person named in it; None asks
    after the signal. `mens_begon`: a person asks, not a system.
    """

    TYPE: ClassVar = NS + "doe-navraag.v1"
    navraag_id: Annotated[UUID, OPEN]
    casus_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID | None, OPEN] = None
    contactpunt: Annotated[ZetelId, OPEN, CONTACTPUNT]
    noodzaak: Annotated[str, OPEN, NOODZAAK]
    mens_begon: Annotated[bool, OPEN]


class NavraagGedaan(Event):
    """What `zetel` learned: whether the partnership of `contactpunt` has it; on yes that is whom to call.

    `coordinator`: who has the regie of the case from which it was asked, and sees that it was. `ontvanger`: who learned
    it. `regels`, `grondslagen`: why it could be asked.
    """

    TYPE: ClassVar = NS + "navraag-gedaan.v1"
    navraag_id: Annotated[UUID, OPEN]
    casus_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID | None, OPEN] = None
    spoor: Annotated[str, OPEN]
    contactpunt: Annotated[ZetelId, OPEN]
    noodzaak: Annotated[str, OPEN]
    treffer: Annotated[bool, OPEN]
    coordinator: Annotated[ZetelId | None, OPEN] = None
    ontvanger: Annotated[ZetelId, OPEN]
    doel: Annotated[str, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    grondslagen: Annotated[tuple[str, ...], OPEN]
    beleidsversie: Annotated[str, OPEN]


class Vindplaats(Part):
    """A case of the asked partnership that has it. `gegeven`: it counted for the answer; else it was kept silent.

    `coordinator`: who is told of it. `redenen`, `regels`: why it was kept silent, or could be said.
    """

    casus_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    coordinator: Annotated[ZetelId, OPEN]
    gegeven: Annotated[bool, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN] = ()
    regels: Annotated[tuple[str, ...], OPEN] = ()


class NavraagBeantwoord(Event):
    """The other bank of the same question, one for each: that it was asked, and what was answered.

    `zetel`: the contact point that was asked; it learns that and the answer. `vindplaatsen`: each for its coordinator.
    `spoor`: track of who asked, `van`: the contact point on that side, None where it has none.
    """

    TYPE: ClassVar = NS + "navraag-beantwoord.v1"
    navraag_id: Annotated[UUID, OPEN]
    spoor: Annotated[str, OPEN]
    van: Annotated[ZetelId | None, OPEN] = None
    noodzaak: Annotated[str, OPEN]
    treffer: Annotated[bool, OPEN]
    vindplaatsen: Annotated[tuple[Vindplaats, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]
