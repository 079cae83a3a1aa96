"""How accesses stand with the machine review: explained and by what, waiting for the officer, or judged by her.

Source: WGS art. 1.8 lid 2 and 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.audit.verklaring import Record, verklaar
from hub.handling.step import Step
from hub.handling.toezicht import facts
from hub.handling.wachtrij import Bevinding, Wachtrij
from hub.ledger.store import LedgerStore

VERKLAARD, WACHT, AFGETEKEND, NOG_NIET = "verklaard", "wacht", "afgetekend", "nog-niet-beoordeeld"


@dataclass(frozen=True, slots=True)
class Beoordeling:
    """One access: how it stands, by which facts it is explained or why it waits, and the officer's judgement."""

    stand: str
    verklaringen: tuple[str, ...] = ()
    bevindingen: tuple[str, ...] = ()
    uitkomst: str = ""


def beoordelingen(
    step: Step, store: LedgerStore, wachtrij: Wachtrij, records: Sequence[Record]
) -> dict[int, Beoordeling]:
    """By number in the log. What was found is as it was recorded; explanations are read from the facts again."""
    wachtrij.open()
    found = wachtrij.van([int(one["volgnummer"]) for one in records])
    reviewed = [one for one in records if one["volgnummer"] <= wachtrij.beoordeeld and one["volgnummer"] not in found]
    feiten = facts(step, store, reviewed)
    answers = {int(one["volgnummer"]): Beoordeling(NOG_NIET) for one in records}
    answers |= {number: _judged(one) for number, one in found.items()}
    explained = {int(one["volgnummer"]): verklaar(one, feiten).verklaringen for one in reviewed}
    return answers | {number: Beoordeling(VERKLAARD, kinds) for number, kinds in explained.items()}


def _judged(one: Bevinding) -> Beoordeling:
    if one.afgetekend is None:
        return Beoordeling(WACHT, bevindingen=one.gevonden.bevindingen)
    return Beoordeling(AFGETEKEND, bevindingen=one.gevonden.bevindingen, uitkomst=one.afgetekend.uitkomst)
