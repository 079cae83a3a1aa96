"""What decisions need to know of a person: presumed roles, from when she is of age, why her data need more care."""

from dataclasses import dataclass
from datetime import date

from contracts.inhoud import Betrokkene, Leeftijd

MEERDERJARIG = 18


@dataclass(frozen=True, slots=True)
class Persoon:
    """A person of one contribution. `meerderjarig_op`: first day on which she is surely of age; None: no age is known.

    `bijzonder`: codes of the contract, such as `adresbescherming`.
    """

    rollen: frozenset[str] = frozenset()
    meerderjarig_op: date | None = None
    bijzonder: frozenset[str] = frozenset()

    def minderjarig(self, op: date) -> bool:
        """Whether she counts as a minor on the day of a decision.

        An age is no fact of the person but of a moment, and consent and tables ask for today: who turns 18
        during a case is of age at the next decision. Where an age is stated but its moment is not known, she
        counts as a minor until she cannot be one any more. Where nothing is stated at all nobody has reason to
        take her for a child, and she decides for herself. Source: Richtlijn 2011/36/EU art. 13 lid 2.
        """
        return self.meerderjarig_op is not None and op < self.meerderjarig_op


def persoon_van(person: Betrokkene, vastgelegd: date) -> Persoon:
    """What a recorded person comes to. `vastgelegd`: day on which it was recorded.

    Who lost her key has None where the contract has a value.
    """
    return Persoon(
        rollen=frozenset(period.rol for period in person.rollen or () if period.rol),
        meerderjarig_op=_of_age(person, vastgelegd),
        bijzonder=frozenset(person.bijzonder or ()),
    )


def _of_age(person: Betrokkene, vastgelegd: date) -> date | None:
    """By the birth date; without one by the stated ages.

    Ages of different moments are all true, so the one that proves most counts; two ages of one moment
    contradict each other, and then the younger counts.
    """
    if person.geboortedatum is not None:
        return _birthday(person.geboortedatum, MEERDERJARIG)
    proven: dict[str, date] = {}
    for age in person.leeftijden or ():
        if age.jaren is not None:
            day = _surely(age, vastgelegd)
            proven[age.peilmoment] = max(day, proven.get(age.peilmoment, day))
    return min(proven.values(), default=None)


def _surely(age: Leeftijd, vastgelegd: date) -> date:
    """The day by which who had this age is 18. Every moment one can state an age of lies before its recording."""
    return _birthday(age.peildatum or vastgelegd, max(MEERDERJARIG - age.jaren, 0))


def _birthday(day: date, years: int) -> date:
    """So many years later; who was born on 29 February comes of age on 1 March."""
    year = day.year + years
    leap_day = (day.month, day.day) == (2, 29) and not (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    return date(year, 3, 1) if leap_day else day.replace(year=year)
