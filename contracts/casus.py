"""Commands and events of a case of a partnership."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from contracts.inhoud import Criterium
from contracts.message import OPEN, Command, Event, Gegeven
from contracts.signaal import NS
from contracts.waarden import Fase, Sluitingsreden, Tekst, Uitbuitingsvorm, ZetelId

PLAN = Gegeven("interventieplan")
STATUS = Gegeven("casus-status")


class OpenCasus(Command):
    """Open a case in exactly one track. `doel`: purpose set beforehand. Source: WGS art. 1.8 lid 5."""

    TYPE: ClassVar = NS + "open-casus.v1"
    casus_id: Annotated[UUID, OPEN]
    spoor: Annotated[str, OPEN, Field(pattern="^(riec|zvh|zorg-en-registratie)$")]
    regio: Annotated[str, OPEN, Field(pattern="^[a-z-]+$", max_length=40)]
    doel: Annotated[str, OPEN, Field(pattern="^[a-z-]+$", max_length=60)]
    tafel: Annotated[str | None, OPEN, Field(pattern="^[a-z0-9-]+$", max_length=60)] = None
    activiteit: Annotated[str, OPEN, Field(pattern="^(casusoverleg|handhavingsknelpunt|scan)$")] = "casusoverleg"
    vorm: Annotated[Uitbuitingsvorm, STATUS]


class CasusGeopend(Event):
    """A case is open; only its opener knows of it until participants are named."""

    TYPE: ClassVar = NS + "casus-geopend.v1"
    casus_id: Annotated[UUID, OPEN]
    spoor: Annotated[str, OPEN]
    regio: Annotated[str, OPEN]
    doel: Annotated[str, OPEN]
    tafel: Annotated[str | None, OPEN] = None
    activiteit: Annotated[str, OPEN] = "casusoverleg"
    vorm: Annotated[Uitbuitingsvorm, STATUS]


class KoppelSignaal(Command):
    """Bring a signal one holds into a case as one's own contribution."""

    TYPE: ClassVar = NS + "koppel-signaal.v1"
    casus_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]


class SignaalGekoppeld(Event):
    """A signal is a contribution to the case; per participant a disclosure follows or is refused.

    `verborgen_voor`: participants that are its subject, who do not see that it was brought in; `alleen_voor`: of a
    confidential one, who does. None for all.
    """

    TYPE: ClassVar = NS + "signaal-gekoppeld.v1"
    casus_id: Annotated[UUID, OPEN]
    signaal_id: Annotated[UUID, OPEN]
    verborgen_voor: Annotated[tuple[ZetelId, ...], OPEN] = ()
    alleen_voor: Annotated[tuple[ZetelId, ...] | None, OPEN] = None


class BepaalDeelnemers(Command):
    """Decide which seats are involved. Source: WGS art. 2.23 lid 5, 2.31 lid 4."""

    TYPE: ClassVar = NS + "bepaal-deelnemers.v1"
    casus_id: Annotated[UUID, OPEN]
    deelnemers: Annotated[tuple[ZetelId, ...], OPEN, Field(max_length=60)]


class DeelnemersBepaald(Event):
    """These seats are involved from now on; every other seat does not know that the case exists."""

    TYPE: ClassVar = NS + "deelnemers-bepaald.v1"
    casus_id: Annotated[UUID, OPEN]
    deelnemers: Annotated[tuple[ZetelId, ...], OPEN]
    niet_toegelaten: Annotated[tuple[ZetelId, ...], OPEN] = ()


class BeoordeelCriteria(Command):
    """Record per criterion whether it is met. Source: Bgs art. 2.16, 2.20 lid 3."""

    TYPE: ClassVar = NS + "beoordeel-criteria.v1"
    casus_id: Annotated[UUID, OPEN]
    criteria: Annotated[tuple[Criterium, ...], Field(min_length=4, max_length=5)]


class CriteriaBeoordeeld(Event):
    """The participants recorded their judgement of the criteria. Source: Bgs art. 2.16 lid 2."""

    TYPE: ClassVar = NS + "criteria-beoordeeld.v1"
    casus_id: Annotated[UUID, OPEN]
    criteria: tuple[Criterium, ...]


class WijzigFase(Command):
    """Open or close a phase of data. Source: WGS art. 2.23 lid 6."""

    TYPE: ClassVar = NS + "wijzig-fase.v1"
    casus_id: Annotated[UUID, OPEN]
    fase: Annotated[Fase, OPEN]


class FaseGewijzigd(Event):
    """The highest open phase changed; disclosures are decided anew."""

    TYPE: ClassVar = NS + "fase-gewijzigd.v1"
    casus_id: Annotated[UUID, OPEN]
    fase: Annotated[Fase, OPEN]


class DraagRegieOver(Command):
    """Put a seat in charge."""

    TYPE: ClassVar = NS + "draag-regie-over.v1"
    casus_id: Annotated[UUID, OPEN]
    naar: Annotated[ZetelId, OPEN]


class RegieOvergedragen(Event):
    """Another seat holds the regie."""

    TYPE: ClassVar = NS + "regie-overgedragen.v1"
    casus_id: Annotated[UUID, OPEN]
    naar: Annotated[ZetelId, OPEN]


class StelInterventieVoor(Command):
    """Propose an action. `ingrijpend`: touches a victim, so care must know first."""

    TYPE: ClassVar = NS + "stel-interventie-voor.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    uitvoerder: Annotated[ZetelId, OPEN]
    ingrijpend: Annotated[bool, OPEN] = True
    beschrijving: Annotated[Tekst, PLAN]
    gepland_op: Annotated[date | None, PLAN] = None


class InterventieVoorgesteld(Event):
    """An action is proposed; nothing may happen yet."""

    TYPE: ClassVar = NS + "interventie-voorgesteld.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    uitvoerder: Annotated[ZetelId, OPEN]
    ingrijpend: Annotated[bool, OPEN] = True
    beschrijving: Annotated[Tekst, PLAN]
    gepland_op: Annotated[date | None, PLAN] = None


class BevestigZorgGeinformeerd(Command):
    """Confirm that care knows of the action and is ready."""

    TYPE: ClassVar = NS + "bevestig-zorg-geinformeerd.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]


class ZorgGeinformeerd(Event):
    """Care confirmed. Source: document 003 L7075-7091."""

    TYPE: ClassVar = NS + "zorg-geinformeerd.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]


class StaInterventieToe(Command):
    """Allow an action."""

    TYPE: ClassVar = NS + "sta-interventie-toe.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]


class InterventieToegestaan(Event):
    """The action may be carried out."""

    TYPE: ClassVar = NS + "interventie-toegestaan.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]


class InterventieGeweigerd(Event):
    """The action may not go on yet, with the reason as a code."""

    TYPE: ClassVar = NS + "interventie-geweigerd.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    reden: Annotated[str, OPEN]


class MeldInterventieUitgevoerd(Command):
    """Report that an action was carried out."""

    TYPE: ClassVar = NS + "meld-interventie-uitgevoerd.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    verslag: Annotated[Tekst | None, PLAN] = None


class InterventieUitgevoerd(Event):
    """The action was carried out."""

    TYPE: ClassVar = NS + "interventie-uitgevoerd.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    verslag: Annotated[Tekst | None, PLAN] = None


class EvalueerInterventie(Command):
    """Record what an action brought. Source: WGS art. 1.7 lid 4 and 5."""

    TYPE: ClassVar = NS + "evalueer-interventie.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    uitkomst: Annotated[Tekst, PLAN]


class InterventieGeevalueerd(Event):
    """What the action brought is on record."""

    TYPE: ClassVar = NS + "interventie-geevalueerd.v1"
    casus_id: Annotated[UUID, OPEN]
    interventie_id: Annotated[UUID, OPEN]
    uitkomst: Annotated[Tekst, PLAN]


class StelEmbargo(Command):
    """Stop new disclosures in a case, and close what rests on investigation. `herbezie_op`: date of review."""

    TYPE: ClassVar = NS + "stel-embargo.v1"
    casus_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, Gegeven("embargo-vlag")]
    herbezie_op: Annotated[date, OPEN]


class EmbargoGesteld(Event):
    """Nothing new leaves this case until the embargo is lifted, also after its date of review.

    What others hold of investigation data lapses; own data stay. Source: RO 124; document 004 L12228-12233.
    """

    TYPE: ClassVar = NS + "embargo-gesteld.v1"
    casus_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, Gegeven("embargo-vlag")]
    herbezie_op: Annotated[date, OPEN]


class HefEmbargoOp(Command):
    """End an embargo."""

    TYPE: ClassVar = NS + "hef-embargo-op.v1"
    casus_id: Annotated[UUID, OPEN]


class EmbargoOpgeheven(Event):
    """The embargo ended; disclosures are decided anew."""

    TYPE: ClassVar = NS + "embargo-opgeheven.v1"
    casus_id: Annotated[UUID, OPEN]


class LegBesluitVast(Command):
    """Record a decision of the case table."""

    TYPE: ClassVar = NS + "leg-besluit-vast.v1"
    casus_id: Annotated[UUID, OPEN]
    besluit: Annotated[Tekst, PLAN]


class BesluitVastgelegd(Event):
    """A decision of the case table is on record."""

    TYPE: ClassVar = NS + "besluit-vastgelegd.v1"
    casus_id: Annotated[UUID, OPEN]
    besluit: Annotated[Tekst, PLAN]


class SluitCasus(Command):
    """Close a case with its reason."""

    TYPE: ClassVar = NS + "sluit-casus.v1"
    casus_id: Annotated[UUID, OPEN]
    reden: Annotated[Sluitingsreden, OPEN]


class CasusGesloten(Event):
    """The case is closed; closing ends no file of care by itself."""

    TYPE: ClassVar = NS + "casus-gesloten.v1"
    casus_id: Annotated[UUID, OPEN]
    reden: Annotated[Sluitingsreden, OPEN]


class HandelingGeweigerd(Event):
    """A seat asked something of a case that the rules refuse. `handeling`: contract name of the command."""

    TYPE: ClassVar = NS + "handeling-geweigerd.v1"
    casus_id: Annotated[UUID, OPEN]
    handeling: Annotated[str, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    alternatief: Annotated[str | None, OPEN] = None
