"""Terms that run in months and days, worked out on the calendar."""

from calendar import monthrange
from datetime import date, timedelta

# Source: WBV 2023/11, Stcrt. 2023, 13577.
DUBLIN_NA = date(2023, 5, 18)
DUBLIN_DAGEN = timedelta(days=30)
BEDENKTIJD_MAANDEN = 3


def bedenktijd_voorbij(datum: date, verstreken_dagen: int, *, dublin: bool) -> bool:
    """Whether a reflection period that began so many days before `datum` is over; the last day still counts.

    Source: Vc B8/3; WBV 2023/11 for Dublin cases that began after 18 May 2023.
    """
    if verstreken_dagen < 0 or verstreken_dagen >= datum.toordinal():
        return True
    begin = datum - timedelta(days=verstreken_dagen)
    einde = begin + DUBLIN_DAGEN if dublin and begin > DUBLIN_NA else over_maanden(begin, BEDENKTIJD_MAANDEN)
    return datum > einde


def over_maanden(begin: date, maanden: int) -> date:
    """The same day some months later; the last day of the month where it has no such day."""
    jaar, maand = divmod(begin.month - 1 + maanden, 12)
    jaar, maand = begin.year + jaar, maand + 1
    return date(jaar, maand, min(begin.day, monthrange(jaar, maand)[1]))
