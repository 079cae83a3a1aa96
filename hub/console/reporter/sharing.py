"""With whom one wants to share, what one answers for, and passing a signal on from the form that reports it."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from hub.console.entrance.seats import Hats
from hub.console.page.acting import Form, one
from hub.console.page.doors import Doors
from hub.console.reporter.melding import MAX_ONTVANGERS, many
from hub.console.reporter.vouching import TOESTEMMING, facts


class Keuze(NamedTuple):
    """One recipient as chosen. `nummer`: of its block in the form; `verklaringen`: what the sender answers for.

    `bewijs`: where the consent stands; `geldig_tot`: its last day, empty without one.
    """

    nummer: int
    naar: str
    spoor: str
    doel: str
    verklaringen: tuple[str, ...]
    grond: str
    bewijs: str
    geldig_tot: str
    opdracht: str

    @property
    def asked(self) -> dict[str, Any]:
        """As the dry run and the passing on want it."""
        said = facts(self.verklaringen, self.grond)
        body: dict[str, Any] = {"naar": self.naar, "spoor": self.spoor, "doel": self.doel}
        return body | {"omstandigheden": said}


def choices(form: Form, hats: Hats) -> list[Keuze]:
    """The recipients of the form. A purpose that was not chosen is the first of the track."""
    found = []
    for number in range(many(form, "ontvangers", MAX_ONTVANGERS)):
        naar, spoor = one(form, f"naar-{number}"), one(form, f"naar-spoor-{number}") or "bilateraal"
        if naar:
            said = {name: one(form, f"{name}-{number}") for name in ("grond", "bewijs", "geldig", "opdracht")}
            doel = one(form, f"doel-{number}") or hats.purpose_of(spoor)
            stated = tuple(form.get(f"verklaring-{number}", ()))
            found.append(Keuze(number, naar, spoor, doel, stated, *said.values()))
    return found


def chosen(form: dict[str, list[str]]) -> dict[str, list[str]]:
    """The form after a button that answers for something: `aanvulling` is `nummer|doel|verklaring|…`, `kies` a seat."""
    if seat := one(form, "kies"):
        return {**form, "naar-0": [seat], "daad": ["toets"]}
    number, _, rest = one(form, "aanvulling").partition("|")
    doel, *stated = rest.split("|")
    if not number.isdigit():
        return form
    before = form.get(f"verklaring-{number}", [])
    now = list(dict.fromkeys([*before, *(name for name in stated if name)]))
    return {**form, f"doel-{number}": [doel], f"verklaring-{number}": now, "daad": ["toets"]}


async def share(doors: Doors, number: UUID, wish: Keuze, toestemming: UUID) -> int | None:
    """Pass a signal on; consent that was stated is put on record first, with where it stands.

    The position from which on it shows; None where nothing went.

    `toestemming`: number for that record. Raises Refused.
    """
    if by := next((TOESTEMMING[name] for name in wish.verklaringen if name in TOESTEMMING), ""):
        given = {"toestemmingId": str(toestemming), "door": by, "vorm": "uitdrukkelijk", "ontvangers": [wish.naar]}
        extra = {"toelichting": wish.bewijs, "geldigTot": _day(wish.geldig_tot)}
        await doors.post("signalen", number, "toestemmingen", body=given | {k: v for k, v in extra.items() if v})
    told = {"opdracht": wish.opdracht} if wish.opdracht else {}
    receipt = await doors.post("signalen", number, "doorzettingen", body=wish.asked | told)
    return min(receipt["posities"], default=0) if receipt["verstrekt"] else None


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        return value
