"""Figures in which nobody can be recognised: small cells are left out, and others so that none can be worked out.

Source: WGS art. 1.12; document 000 L1331-1350, L1587.
"""

from collections.abc import Mapping
from dataclasses import dataclass

#: Below this a cell is not shown.
DREMPEL = 10


@dataclass(frozen=True, slots=True)
class Tabel:
    """Cells with their total; None where a figure is left out. A cell of nobody is shown as 0."""

    cellen: dict[str, int | None]
    totaal: int | None

    @property
    def kleinste(self) -> int:
        """The smallest figure that is shown and is not 0; the threshold where there is none."""
        shown = [figure for figure in (*self.cellen.values(), self.totaal) if figure]
        return min(shown, default=DREMPEL)


def onderdruk(cellen: Mapping[str, int], drempel: int = DREMPEL) -> Tabel:
    """Leave out what is small, and as many others as it takes.

    What is left out comes to the threshold at least, in two cells at least; else the total goes too. Then the total
    and the cells that are shown tell no more about a small cell than that it is small.
    """
    weg = {naam for naam, aantal in cellen.items() if 0 < aantal < drempel}
    over = sorted((naam for naam, aantal in cellen.items() if aantal >= drempel), key=lambda naam: (cellen[naam], naam))
    while weg and over and (len(weg) < 2 or sum(cellen[naam] for naam in weg) < drempel):
        weg.add(over.pop(0))
    totaal: int | None = sum(cellen.values())
    if weg and (len(weg) < 2 or sum(cellen[naam] for naam in weg) < drempel):
        totaal = None
    shown = {naam: None if naam in weg else cellen[naam] for naam in sorted(cellen)}
    return Tabel(shown, totaal)
