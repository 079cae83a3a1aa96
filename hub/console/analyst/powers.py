"""Which acts a hat could do in a case as it stands. The API decides; this leaves out what it would refuse anyway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hub.access.beleid import Beleid
from hub.console.analyst.course import Interventie
from hub.domain.casus import EMBARGO_ZETEL

Data = Mapping[str, Any]
#: What every participant of an open case may do in it.
ELK = (
    "besluit",
    "criteria",
    "fase",
    "regie",
    "deelnemers",
    "inbreng",
    "interventie",
    "sluiting",
)
#: The track from which the bridge leads to care.
BRUGSPOOR = "riec"


def powers(beleid: Beleid, zetel: str, casus: Data, acties: Sequence[Interventie]) -> frozenset[str]:
    """The acts by the names of their forms. `casus`: as the API answers it."""
    found = set(_renewing(beleid, casus))
    if casus["status"] == "open":
        found |= {*ELK, *_shielding(beleid, zetel, casus), *_acting(beleid, zetel, casus, acties)}
    return frozenset(found)


def _renewing(beleid: Beleid, casus: Data) -> Iterator[str]:
    if casus["status"] != "vernietigd" and casus["spoor"] in beleid.bewaartermijnen.vernieuwbaar:
        yield "vernieuwing"


def _shielding(beleid: Beleid, zetel: str, casus: Data) -> Iterator[str]:
    known = beleid.instanties[zetel]
    if known.type == EMBARGO_ZETEL:
        yield "embargo"
        if casus["embargo"]:
            yield "embargo-op"
    if beleid.zetels[known.type].opsporing and casus["bijdragen"]:
        yield "verhoor"
    if casus["bijdragen"]:
        yield "resultaat"
    if any(part["zetel"] == zetel for signaal in casus["bijdragen"] for part in signaal["bijdragen"]):
        yield "bezwaar-in" if _last(casus, ("BezwaarGemaakt", "BezwaarIngetrokken"), zetel) else "bezwaar"
    closed = _last(casus, ("CasusVertrouwelijkVerklaard", "CasusvertrouwelijkheidVervallen"))
    yield "openbaar" if closed else "vertrouwelijk"


def _last(casus: Data, kinds: tuple[str, str], zetel: str = "") -> bool:
    """Whether the first of two kinds of steps came last, of this seat if one is named."""
    steps: Iterable[Data] = (one for one in casus["tijdlijn"] if not zetel or one.get("zetel") == zetel)
    said = [one["soort"] for one in steps if one["soort"] in kinds]
    return bool(said) and said[-1] == kinds[0]


def _acting(beleid: Beleid, zetel: str, casus: Data, acties: Sequence[Interventie]) -> Iterator[str]:
    known = beleid.instanties[zetel]
    kind = beleid.zetels[known.type]
    if any(one.wacht_op_zorg for one in acties) and kind.zorg:
        yield "zorg"
    crosses = casus["spoor"] == BRUGSPOOR and kind.stand(BRUGSPOOR, known.regio) == "deelnemer"
    if crosses and any(not one.klaar for one in acties):
        yield "brug"
    if any(one.stand == "voorgesteld" and not one.wacht_op_zorg for one in acties):
        yield "toelating"
    if any(one.stand == "toegestaan" for one in acties):
        yield "uitvoering"
    if any(one.stand in ("uitgevoerd", "geëvalueerd") for one in acties):
        yield "evaluatie"


def care_seats(beleid: Beleid, casus: Data) -> list[tuple[str, str]]:
    """The seats of care that one may warn from this case, by label: those outside it, of its region first."""
    found = [
        one for one in beleid.instanties.values() if beleid.zetels[one.type].zorg and one.id not in casus["deelnemers"]
    ]
    near = {casus["regio"], "landelijk"}
    return [(one.id, one.label) for one in sorted(found, key=lambda one: (one.regio not in near, one.label))]
