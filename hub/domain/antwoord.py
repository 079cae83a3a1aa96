"""The answer to a request, in words and lines for the person; it never shows whether something was left out.

Two persons get the same text where the one has nothing on record and the other's is all withheld, and every answer says
that the law allows to leave things out. Source: AVG art. 12, 15; UAVG art. 41; Bgs art. 1.2 lid 2.
"""

from dataclasses import dataclass
from datetime import date

from hub.domain.inzage import Inzage
from hub.domain.verzoek import BEANTWOORD, BESLIST, GEWEIGERD, INZAGE, Dossier

NIETS = "Er zijn geen gegevens die wij aan u kunnen verstrekken."
BEOORDEELD = (
    "Uw verzoek is beoordeeld. Voor zover gegevens over u ervoor in aanmerking komen, voert de organisatie die ze"
    " inbracht het uit en vertelt zij het aan wie ze eerder kreeg."
)
AFGEWEZEN = "Uw verzoek is afgewezen, om deze reden:"
OVERZICHT = "Hieronder staat wat wij u over uw gegevens kunnen vertellen: wie ze inbracht, waarvoor, en wie ze kreeg."
TEKST = (
    "Waar een rubriek is genoemd zonder inhoud, kan de tekst ook over anderen gaan. Die tekst kunt u vragen aan de"
    " organisatie die hem inbracht."
)
SLOT = (
    "De wet laat toe dat gegevens in een antwoord worden weggelaten (artikel 41 van de Uitvoeringswet Algemene"
    " verordening gegevensbescherming). Uit dit antwoord blijkt niet of dat is gebeurd; dit staat in elk antwoord.",
    "U kunt vragen om rectificatie, wissing of beperking van uw gegevens en bezwaar maken tegen het gebruik ervan.",
    "Bent u het niet eens met dit antwoord, dan kunt u binnen zes weken bezwaar maken. U kunt ook een klacht indienen"
    " bij de Autoriteit Persoonsgegevens.",
)


@dataclass(frozen=True, slots=True)
class Antwoord:
    """What goes to the person. `dagtekening`: the day on which it leaves; `slot`: the same for everybody."""

    recht: str
    ontvangen_op: date
    dagtekening: date
    tekst: tuple[str, ...]
    inzage: Inzage
    slot: tuple[str, ...] = SLOT


def antwoord(dossier: Dossier, inzage: Inzage, ontvangen_op: date, dagtekening: date) -> Antwoord:
    """The answer to a request as it stands; of one that is refused, that of somebody of whom nothing is known."""
    shown = inzage if dossier.recht == INZAGE and dossier.stand != GEWEIGERD else Inzage()
    return Antwoord(dossier.recht, ontvangen_op, dagtekening, _text(dossier, shown), shown)


def _text(dossier: Dossier, shown: Inzage) -> tuple[str, ...]:
    if dossier.recht == INZAGE:
        return (OVERZICHT, TEKST) if shown.bronnen else (NIETS,)
    turned_down = dossier.stand in (BESLIST, BEANTWOORD) and dossier.besluit == "afgewezen"
    return (AFGEWEZEN, dossier.motivering) if turned_down else (BEOORDEELD,)
