"""Commands and events of a signal."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.inhoud import INHOUD, Rolperiode, SignaalInhoud, Signaalmelding
from contracts.message import OPEN, Command, Event, Gegeven
from contracts.waarden import (
    RedenGeenOpvolging,
    Regel,
    Spoor,
    Tekst,
    Terugkoppelstatus,
    Uitbuitingsvorm,
    Zekerheid,
    ZetelId,
)

LABEL = Gegeven("signaal-label")
REDEN = INHOUD
TERUGKOPPELING = Gegeven("terugkoppeling")
NS = "nl.overheid.mensenhandel."


class RegistreerSignaal(Command):
    """Bring in a signal. It gives no right to see anything."""

    TYPE: ClassVar = NS + "registreer-signaal.v1"
    signaal_id: Annotated[UUID, OPEN]
    melding: Signaalmelding


class SignaalGeregistreerd(Event):
    """A signal is on the ledger; only its own seat holds it until it is passed on."""

    TYPE: ClassVar = NS + "signaal-geregistreerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    melding: Signaalmelding


class SignaalGeweigerd(Event):
    """A signal was refused whole; nothing of its content is kept. Source: Bgs art. 1.6, 2.15, 2.16.

    `vorm`: how the refusal looks from outside, such as `probleem-400` where the message itself is at fault.
    """

    TYPE: ClassVar = NS + "signaal-geweigerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    categorieen: Annotated[tuple[str, ...], OPEN] = ()
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    alternatief: Annotated[str | None, OPEN] = None
    vorm: Annotated[str | None, OPEN] = None


class VerrijkSignaal(Command):
    """Add facts from an own source to a signal."""

    TYPE: ClassVar = NS + "verrijk-signaal.v1"
    signaal_id: Annotated[UUID, OPEN]
    verrijking_id: Annotated[UUID, OPEN]
    herkomst: Annotated[Regel, INHOUD]
    wpg_artikel: Annotated[str | None, OPEN, Field(pattern=r"^(8|9|10-1-[abc]|12|13|14)$")] = None
    inhoud: SignaalInhoud


class SignaalVerrijkt(Event):
    """Facts were added by `zetel`; they stay the responsibility of that provider. Source: Bgs art. 1.6."""

    TYPE: ClassVar = NS + "signaal-verrijkt.v1"
    signaal_id: Annotated[UUID, OPEN]
    verrijking_id: Annotated[UUID, OPEN]
    herkomst: Annotated[Regel, INHOUD]
    wpg_artikel: Annotated[str | None, OPEN] = None
    inhoud: SignaalInhoud


class HerclassificeerSignaal(Command):
    """Change form or certainty by human judgement."""

    TYPE: ClassVar = NS + "herclassificeer-signaal.v1"
    signaal_id: Annotated[UUID, OPEN]
    vormen: Annotated[tuple[Uitbuitingsvorm, ...], LABEL, Field(min_length=1)]
    zekerheid: Annotated[Zekerheid, LABEL]
    motivering: Annotated[Tekst, REDEN]


class SignaalGeherclassificeerd(Event):
    """Form or certainty was judged anew by a person."""

    TYPE: ClassVar = NS + "signaal-geherclassificeerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    vormen: Annotated[tuple[Uitbuitingsvorm, ...], LABEL]
    zekerheid: Annotated[Zekerheid, LABEL]
    motivering: Annotated[Tekst, REDEN]


class RectificeerSignaal(Command):
    """Replace what proved wrong. Source: AVG art. 16; Bgs art. 1.7; Wpg art. 28."""

    TYPE: ClassVar = NS + "rectificeer-signaal.v1"
    signaal_id: Annotated[UUID, OPEN]
    verrijking_id: Annotated[UUID | None, OPEN] = None
    inhoud: SignaalInhoud
    motivering: Annotated[Tekst, REDEN]


class SignaalGerectificeerd(Event):
    """The content was replaced; every earlier recipient gets the new value and that it was corrected."""

    TYPE: ClassVar = NS + "signaal-gerectificeerd.v1"
    signaal_id: Annotated[UUID, OPEN]
    verrijking_id: Annotated[UUID | None, OPEN] = None
    inhoud: SignaalInhoud
    motivering: Annotated[Tekst, REDEN]


class TrekSignaalIn(Command):
    """Withdraw an own signal."""

    TYPE: ClassVar = NS + "trek-signaal-in.v1"
    signaal_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, REDEN]


class SignaalIngetrokken(Event):
    """The provider withdrew the signal; nobody else may hold it any longer."""

    TYPE: ClassVar = NS + "signaal-ingetrokken.v1"
    signaal_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, REDEN]


class WeerlegSignaal(Command):
    """Record that a signal proved unfounded."""

    TYPE: ClassVar = NS + "weerleg-signaal.v1"
    signaal_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, REDEN]


class SignaalWeerlegd(Event):
    """A holder found the signal unfounded; every holder is told."""

    TYPE: ClassVar = NS + "signaal-weerlegd.v1"
    signaal_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, REDEN]


class DoorzetSignaal(Command):
    """Pass a signal on to one seat, with no more than the named categories and only the named persons.

    `categorieen`, `betrokkenen`: None means all that the policy allows. `opdracht`: what is asked.
    `omstandigheden`: facts the sender vouches for, such as consent or danger, by their names in the policy.
    """

    TYPE: ClassVar = NS + "doorzet-signaal.v1"
    signaal_id: Annotated[UUID, OPEN]
    naar: Annotated[ZetelId, OPEN]
    spoor: Annotated[Spoor, OPEN]
    doel: Annotated[str, OPEN, Field(pattern="^[a-z-]+$", max_length=60)]
    categorieen: Annotated[tuple[str, ...] | None, OPEN] = None
    betrokkenen: Annotated[tuple[UUID, ...] | None, OPEN] = None
    omstandigheden: Annotated[dict[str, str | bool | int], OPEN, Field(max_length=20)] = Field(default_factory=dict)
    opdracht: Annotated[Tekst | None, REDEN] = None


class SignaalDoorgezet(Event):
    """The signal was passed on; what the receiver got stands in SignaalVerstrekt."""

    TYPE: ClassVar = NS + "signaal-doorgezet.v1"
    signaal_id: Annotated[UUID, OPEN]
    naar: Annotated[ZetelId, OPEN]
    spoor: Annotated[Spoor, OPEN]
    doel: Annotated[str, OPEN]
    opdracht: Annotated[Tekst | None, REDEN] = None


class MerkSignaalNietGedeeld(Command):
    """Record that a suspicion is kept and not shared, and when to look again."""

    TYPE: ClassVar = NS + "merk-signaal-niet-gedeeld.v1"
    signaal_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, REDEN]
    herinner_op: Annotated[date, OPEN]


class SignaalNietGedeeld(Event):
    """'Vastgelegd, niet gedeeld': a visible state with a reminder, never a silent drawer."""

    TYPE: ClassVar = NS + "signaal-niet-gedeeld.v1"
    signaal_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, REDEN]
    herinner_op: Annotated[date, OPEN]


class KoppelSignaalTerug(Command):
    """Give the reporter feedback. `reden`: class of reason where nothing is done, and only there.

    `herbezie_op`: when withheld content is looked at again.
    """

    TYPE: ClassVar = NS + "koppel-signaal-terug.v1"
    signaal_id: Annotated[UUID, OPEN]
    aan: Annotated[ZetelId, OPEN]
    status: Annotated[Terugkoppelstatus, OPEN]
    reden: Annotated[RedenGeenOpvolging | None, OPEN] = None
    bericht: Annotated[Tekst, TERUGKOPPELING]
    inhoud_onthouden: Annotated[bool, OPEN] = False
    herbezie_op: Annotated[date | None, OPEN] = None


class SignaalTeruggekoppeld(Event):
    """The reporter was told what happened. Source: document 003 L9510-9522."""

    TYPE: ClassVar = NS + "signaal-teruggekoppeld.v1"
    signaal_id: Annotated[UUID, OPEN]
    aan: Annotated[ZetelId, OPEN]
    status: Annotated[Terugkoppelstatus, OPEN]
    reden: Annotated[RedenGeenOpvolging | None, OPEN] = None
    bericht: Annotated[Tekst, TERUGKOPPELING]
    inhoud_onthouden: Annotated[bool, OPEN] = False
    herbezie_op: Annotated[date | None, OPEN] = None


class KenRolToe(Command):
    """Give a person of a signal a further presumed role; earlier roles stay."""

    TYPE: ClassVar = NS + "ken-rol-toe.v1"
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID, OPEN]
    rol: Rolperiode


class RolToegekend(Event):
    """A person has a presumed role for an episode; a role never replaces another. Source: Wpg art. 6b."""

    TYPE: ClassVar = NS + "rol-toegekend.v1"
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID, OPEN]
    rol: Rolperiode


class VernietigBetrokkene(Command):
    """Destroy the content kept on a person of a signal of one's own. Source: WGS art. 1.8 lid 7; AVG art. 17."""

    TYPE: ClassVar = NS + "vernietig-betrokkene.v1"
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID, OPEN]
    motivering: Annotated[str, OPEN, Field(pattern="^[a-z-]+$", max_length=60)]


class BetrokkeneVernietigd(Event):
    """The key of a person in a track was destroyed; that it happened stays, what it was does not."""

    TYPE: ClassVar = NS + "betrokkene-vernietigd.v1"
    signaal_id: Annotated[UUID, OPEN]
    betrokkene_id: Annotated[UUID, OPEN]
    motivering: Annotated[str, OPEN]
