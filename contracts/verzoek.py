"""Commands and events of a request by the person whose data they are, with its clock.

Source: AVG art. 12-21; Wpg art. 25-28; UAVG art. 41; Bgs art. 1.1-1.3.
"""

from datetime import date
from typing import Annotated, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from contracts.codelijst import Codewaarde
from contracts.inhoud import IDENTITEIT, INHOUD
from contracts.message import BESLOTEN, OPEN, Command, Event, Gegeven, Part
from contracts.signaal import NS
from contracts.waarden import Bsn, Regel, Tekst, ZetelId

#: AVG art. 15, 16, 17, 18 and 21; Wpg art. 25 and 28.
Recht = Annotated[str, Field(pattern="^(inzage|rectificatie|wissing|beperking|bezwaar)$")]
Kanaal = Annotated[str, Field(pattern="^(balie|post|digitaal|gemachtigde)$")]
#: How it was made sure who asks. Source: AVG art. 12 lid 2 and 6.
Middel = Annotated[str, Field(pattern="^(digid|identiteitsbewijs|machtiging)$")]
#: Letter of the first paragraph. Source: UAVG art. 41 lid 1.
Letter = Annotated[str, Codewaarde("uitzonderingsgrond-uavg-41")]


class OntvangVerzoek(Command):
    """Record that a request came in. `recht`: what is asked for. `ontvangen_op`: the day on which its term begins.

    `omschrijving`: what the person asks, such as what is wrong. Source: AVG art. 12 lid 3; Bgs art. 1.1.
    """

    TYPE: ClassVar = NS + "ontvang-verzoek.v1"
    verzoek_id: Annotated[UUID, OPEN]
    recht: Annotated[Recht, OPEN]
    ontvangen_op: Annotated[date, OPEN]
    kanaal: Annotated[Kanaal, OPEN]
    omschrijving: Annotated[Tekst | None, INHOUD] = None


class VerzoekOntvangen(Event):
    """A request is under way. `regime`: `avg` or `wpg`, which fixes its term; `uiterlijk`: last day for the answer."""

    TYPE: ClassVar = NS + "verzoek-ontvangen.v1"
    verzoek_id: Annotated[UUID, OPEN]
    recht: Annotated[str, OPEN]
    ontvangen_op: Annotated[date, OPEN]
    kanaal: Annotated[str, OPEN]
    omschrijving: Annotated[Tekst | None, INHOUD] = None
    regime: Annotated[str, OPEN]
    uiterlijk: Annotated[date, OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    grondslagen: Annotated[tuple[str, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]


class Identiteit(Part):
    """Who the person proved to be: a number, or a name with a birth date."""

    naam: Annotated[Regel | None, IDENTITEIT] = None
    geboortedatum: Annotated[date | None, IDENTITEIT] = None
    bsn: Annotated[Bsn | None, Gegeven("bsn")] = None


class StelIdentiteitVast(Command):
    """Record that the person is who she says she is; nothing is looked for before. Source: AVG art. 12 lid 6."""

    TYPE: ClassVar = NS + "stel-identiteit-vast.v1"
    verzoek_id: Annotated[UUID, OPEN]
    middel: Annotated[Middel, OPEN]
    identiteit: Identiteit

    @model_validator(mode="after")
    def _enough(self) -> Self:
        proved = self.identiteit
        if proved.bsn is None and (proved.naam is None or proved.geboortedatum is None):
            raise ValueError("geef een burgerservicenummer, of een naam met een geboortedatum")
        return self


class IdentiteitVastgesteld(Event):
    """The person is known to be who she says she is."""

    TYPE: ClassVar = NS + "identiteit-vastgesteld.v1"
    verzoek_id: Annotated[UUID, OPEN]
    middel: Annotated[str, OPEN]
    identiteit: Identiteit


class RaadpleegDeelnemers(Command):
    """Ask every participant that brought something in of the person whether it sees a ground to refuse.

    Source: Bgs art. 1.2 lid 1 and 2.
    """

    TYPE: ClassVar = NS + "raadpleeg-deelnemers.v1"
    verzoek_id: Annotated[UUID, OPEN]


class Betreft(Part):
    """Which record of a participant the question is about; sealed, so that records of one person stay unlinked."""

    zetel: Annotated[ZetelId, OPEN]
    signaal_id: Annotated[UUID, BESLOTEN]
    betrokkenen: Annotated[tuple[UUID, ...], BESLOTEN]


class DeelnemersGeraadpleegd(Event):
    """These participants are asked about these records of theirs; none where nothing was found."""

    TYPE: ClassVar = NS + "deelnemers-geraadpleegd.v1"
    verzoek_id: Annotated[UUID, OPEN]
    deelnemers: Annotated[tuple[ZetelId, ...], OPEN]
    betreft: tuple[Betreft, ...] = ()


class MeldWeigeringsgrond(Command):
    """Find a ground to refuse, as a participant. `afweging`: why it goes before the rights of the person.

    Source: UAVG art. 41 lid 1 and 2; Bgs art. 1.2 lid 2.
    """

    TYPE: ClassVar = NS + "meld-weigeringsgrond.v1"
    verzoek_id: Annotated[UUID, OPEN]
    letter: Annotated[Letter, OPEN]
    afweging: Annotated[Tekst, INHOUD]


class WeigeringsgrondGemeld(Event):
    """`zetel` found a ground; until it lapses the answer may not show whether there is anything."""

    TYPE: ClassVar = NS + "weigeringsgrond-gemeld.v1"
    verzoek_id: Annotated[UUID, OPEN]
    letter: Annotated[Letter, OPEN]
    afweging: Annotated[Tekst, INHOUD]


class MeldGeenWeigeringsgrond(Command):
    """Find none, as a participant that was asked."""

    TYPE: ClassVar = NS + "meld-geen-weigeringsgrond.v1"
    verzoek_id: Annotated[UUID, OPEN]


class GeenWeigeringsgrondGemeld(Event):
    """`zetel` found no ground."""

    TYPE: ClassVar = NS + "geen-weigeringsgrond-gemeld.v1"
    verzoek_id: Annotated[UUID, OPEN]


class MeldVervalWeigeringsgrond(Command):
    """The ground of one's own is gone. Source: Bgs art. 1.2 lid 3."""

    TYPE: ClassVar = NS + "meld-verval-weigeringsgrond.v1"
    verzoek_id: Annotated[UUID, OPEN]


class WeigeringsgrondVervallen(Event):
    """`zetel` has no ground any longer."""

    TYPE: ClassVar = NS + "weigeringsgrond-vervallen.v1"
    verzoek_id: Annotated[UUID, OPEN]


class VerzoekHeropend(Event):
    """The ground of the refusal is gone: the request is open, and its term begins anew. Source: Bgs art. 1.2 lid 3."""

    TYPE: ClassVar = NS + "verzoek-heropend.v1"
    verzoek_id: Annotated[UUID, OPEN]
    uiterlijk: Annotated[date, OPEN]


class VerlengTermijn(Command):
    """Take longer, within the first month and with reasons for the person. Source: AVG art. 12 lid 3."""

    TYPE: ClassVar = NS + "verleng-termijn.v1"
    verzoek_id: Annotated[UUID, OPEN]
    maanden: Annotated[int, OPEN, Field(ge=1, le=12)]
    motivering: Annotated[Tekst | None, INHOUD] = None


class TermijnVerlengd(Event):
    """The term is longer. `maanden`: in addition to the first one, all extensions together."""

    TYPE: ClassVar = NS + "termijn-verlengd.v1"
    verzoek_id: Annotated[UUID, OPEN]
    maanden: Annotated[int, OPEN]
    motivering: Annotated[Tekst, INHOUD]
    uiterlijk: Annotated[date, OPEN]
    regels: Annotated[tuple[str, ...], OPEN] = ()
    grondslagen: Annotated[tuple[str, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]


class BeslisOpVerzoek(Command):
    """Decide on a request for more than access. `motivering`: reasons, for the person to read."""

    TYPE: ClassVar = NS + "beslis-op-verzoek.v1"
    verzoek_id: Annotated[UUID, OPEN]
    besluit: Annotated[str, OPEN, Field(pattern="^(toegewezen|afgewezen)$")]
    motivering: Annotated[Tekst, INHOUD]


class Brontaak(Part):
    """What the seat that brought something in must do with it; nobody else corrects. Source: Bgs art. 1.7.

    `taak`: `rectificeer`, `wis`, `beperk` or `weeg`. `voor`: last day. The rest is sealed: that signals of several
    sources are of one person is nowhere to be read in the open.
    """

    taak_id: Annotated[UUID, OPEN]
    zetel: Annotated[ZetelId, OPEN]
    signaal_id: Annotated[UUID, BESLOTEN]
    betrokkenen: Annotated[tuple[UUID, ...], BESLOTEN]
    taak: Annotated[str, OPEN, Field(pattern="^(rectificeer|wis|beperk|weeg)$")]
    voor: Annotated[date, OPEN]


class VerzoekBeslist(Event):
    """The decision, and what the providers must do. `te_laat`: after the term. Source: AVG art. 16-18, 21."""

    TYPE: ClassVar = NS + "verzoek-beslist.v1"
    verzoek_id: Annotated[UUID, OPEN]
    besluit: Annotated[str, OPEN]
    motivering: Annotated[Tekst, INHOUD]
    taken: tuple[Brontaak, ...] = ()
    te_laat: Annotated[bool, OPEN] = False
    regels: Annotated[tuple[str, ...], OPEN] = ()
    grondslagen: Annotated[tuple[str, ...], OPEN] = ()
    termijnregels: Annotated[tuple[str, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]


class RondTaakAf(Command):
    """Tell what came of the task of one's own. `motivering`: of a refusal, the compelling grounds."""

    TYPE: ClassVar = NS + "rond-taak-af.v1"
    verzoek_id: Annotated[UUID, OPEN]
    taak_id: Annotated[UUID, OPEN]
    gedaan: Annotated[bool, OPEN]
    motivering: Annotated[Tekst | None, INHOUD] = None


class TaakAfgerond(Event):
    """The provider did it, or says why not."""

    TYPE: ClassVar = NS + "taak-afgerond.v1"
    verzoek_id: Annotated[UUID, OPEN]
    taak_id: Annotated[UUID, OPEN]
    gedaan: Annotated[bool, OPEN]
    motivering: Annotated[Tekst | None, INHOUD] = None


class WeigerVerzoek(Command):
    """Refuse on the ground that a participant found. `afweging`: that of the contact point itself.

    Source: UAVG art. 41 lid 2; Bgs art. 1.2 lid 2.
    """

    TYPE: ClassVar = NS + "weiger-verzoek.v1"
    verzoek_id: Annotated[UUID, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    letter: Annotated[Letter, OPEN]
    afweging: Annotated[Tekst | None, INHOUD] = None


class VerzoekGeweigerd(Event):
    """Refused; what the person reads is what anybody reads of whom nothing is known."""

    TYPE: ClassVar = NS + "verzoek-geweigerd.v1"
    verzoek_id: Annotated[UUID, OPEN]
    deelnemer: Annotated[ZetelId, OPEN]
    letter: Annotated[Letter, OPEN]
    afweging: Annotated[Tekst, INHOUD]
    te_laat: Annotated[bool, OPEN] = False
    regels: Annotated[tuple[str, ...], OPEN] = ()
    grondslagen: Annotated[tuple[str, ...], OPEN] = ()
    termijnregels: Annotated[tuple[str, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]


class BeantwoordVerzoek(Command):
    """Send the answer."""

    TYPE: ClassVar = NS + "beantwoord-verzoek.v1"
    verzoek_id: Annotated[UUID, OPEN]


class VerzoekBeantwoord(Event):
    """The answer went to the person. `te_laat`: after the term."""

    TYPE: ClassVar = NS + "verzoek-beantwoord.v1"
    verzoek_id: Annotated[UUID, OPEN]
    te_laat: Annotated[bool, OPEN] = False
    regels: Annotated[tuple[str, ...], OPEN] = ()
    grondslagen: Annotated[tuple[str, ...], OPEN] = ()
    termijnregels: Annotated[tuple[str, ...], OPEN] = ()
    beleidsversie: Annotated[str, OPEN]


class SluitVerzoek(Command):
    """End a request without an answer on its substance."""

    TYPE: ClassVar = NS + "sluit-verzoek.v1"
    verzoek_id: Annotated[UUID, OPEN]
    reden: Annotated[str, OPEN, Field(pattern="^(ingetrokken|identiteit-onbekend)$")]


class VerzoekGesloten(Event):
    """The person took it back, or nobody could make sure who asked. Source: AVG art. 12 lid 2."""

    TYPE: ClassVar = NS + "verzoek-gesloten.v1"
    verzoek_id: Annotated[UUID, OPEN]
    reden: Annotated[str, OPEN]


class VerzoekhandelingGeweigerd(Event):
    """The policy does not allow this step of the procedure. `handeling`: as the policy knows it."""

    TYPE: ClassVar = NS + "verzoekhandeling-geweigerd.v1"
    verzoek_id: Annotated[UUID, OPEN]
    handeling: Annotated[str, OPEN]
    redenen: Annotated[tuple[str, ...], OPEN]
    regels: Annotated[tuple[str, ...], OPEN]
    alternatief: Annotated[str | None, OPEN] = None
    beleidsversie: Annotated[str, OPEN]


class VerwerkingBeperkt(Event):
    """New disclosures of the signal leave these persons out. Source: AVG art. 18; Wpg art. 28."""

    TYPE: ClassVar = NS + "verwerking-beperkt.v1"
    signaal_id: Annotated[UUID, OPEN]
    verzoek_id: Annotated[UUID, BESLOTEN]
    betrokkenen: Annotated[tuple[UUID, ...], OPEN]


class HefBeperkingOp(Command):
    """End the restriction that a request led to; the person is told before. Source: AVG art. 18 lid 3."""

    TYPE: ClassVar = NS + "hef-beperking-op.v1"
    verzoek_id: Annotated[UUID, OPEN]
    motivering: Annotated[Tekst, INHOUD]


class BeperkingOpgeheven(Event):
    """The signal may be disclosed as before."""

    TYPE: ClassVar = NS + "beperking-opgeheven.v1"
    signaal_id: Annotated[UUID, OPEN]
    verzoek_id: Annotated[UUID, BESLOTEN]
