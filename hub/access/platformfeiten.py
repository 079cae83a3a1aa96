"""The facts about the door, the log, the clocks and the figures: what holds whatever the track.

Facts only say what is the case; what follows from them is said by `platform.cedar` and `hub.cedar`.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hub.access.verzoek import Verzoek

SPOOR = "hub"
EEN_PADSTUK = r"[A-Za-z0-9_-]+"
MAJOR_VERSION = re.compile(r"v[1-9][0-9]*")
VERSIONED = re.compile(r"v[0-9].*")
# Reverse DNS in lower case; a version is one number. Source: NL GOV profile for CloudEvents 1.1.
EVENT_TYPE = re.compile(r"[a-z]{2,}(\.[a-z][a-z0-9-]*){2,}")
JAREN = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")
#: Years of a table that is not broken down by time.
ONGEDEELD = 9999


@dataclass(frozen=True, slots=True)
class Koppelvlak:
    """What the door is open for, as data: paths without a token, algorithms of tokens, beginnings of an OIN."""

    paden: tuple[re.Pattern[str], ...]
    token_algoritmen: frozenset[str]
    oin_begin: frozenset[str]
    oin_proef: frozenset[str]

    def openbaar(self, pad: str) -> bool:
        """Whether a path asks no token."""
        return any(vorm.fullmatch(pad) for vorm in self.paden)


def koppelvlak_van(tabel: Mapping[str, Any]) -> Koppelvlak:
    """The door as the table `koppelvlak.yaml` describes it."""
    return Koppelvlak(
        paden=tuple(_padvorm(pad) for pad in (*tabel["openbare_paden"], *tabel["aanmeldpaden"])),
        token_algoritmen=frozenset(tabel["token_algoritmen"]),
        oin_begin=frozenset(tabel["oin_begin"]),
        oin_proef=frozenset(tabel["oin_proef"]),
    )


def platformfeiten(koppelvlak: Koppelvlak, verzoek: Verzoek, omstandigheden: Mapping[str, Any]) -> dict[str, object]:
    """What platform rules ask in every track, and in track `hub` also what only its own rules ask."""
    oin = omstandigheden["oin_begin"]
    gevonden: dict[str, object] = {
        "oin_toegelaten": oin in koppelvlak.oin_begin
        or (oin in koppelvlak.oin_proef and not omstandigheden["productie"]),
        "tijdzone_genoemd": tijdzone_genoemd(omstandigheden["tijdstempel"]),
    }
    if verzoek.spoor == SPOOR:
        gevonden |= _aan_de_deur(koppelvlak, omstandigheden)
        gevonden |= _klokken_en_cijfers(verzoek, omstandigheden)
    return gevonden


def _aan_de_deur(koppelvlak: Koppelvlak, omstandigheden: Mapping[str, Any]) -> dict[str, object]:
    pad = omstandigheden["http_pad"].partition("?")[0]
    return {
        "pad_openbaar": koppelvlak.openbaar(pad),
        "pad_schuin_einde": len(pad) > 1 and pad.endswith("/"),
        "versie_alleen_hoofd": versie_alleen_hoofd(omstandigheden["uri_versie"], pad),
        "algoritme_toegelaten": omstandigheden["token_algoritme"] in koppelvlak.token_algoritmen,
        "soort_volgens_profiel": soort_volgens_profiel(omstandigheden["soort_gebeurtenis"]),
    }


def _klokken_en_cijfers(verzoek: Verzoek, omstandigheden: Mapping[str, Any]) -> dict[str, object]:
    dagen, langer = omstandigheden["verstreken_dagen"], omstandigheden["maanden_verlenging"]
    return {
        "binnen_een_maand": binnen_maanden(verzoek.datum, dagen, 1),
        "binnen_verlenging": binnen_maanden(verzoek.datum, dagen, 1 + langer),
        "plaatselijk": verzoek.regio != "landelijk",
        "tijdvak_jaren": tijdvak_jaren(omstandigheden["tijdvak"]),
    }


def tijdzone_genoemd(tijdstempel: str) -> bool:
    """Whether a time in the body says its zone; where no time is given, nothing is missing."""
    if not tijdstempel:
        return True
    try:
        return datetime.fromisoformat(tijdstempel).tzinfo is not None
    except ValueError:
        return False


def versie_alleen_hoofd(uri_versie: str, pad: str) -> bool:
    """Whether the address carries the major version only: `v1`, never `v1.2`."""
    begin = pad.lstrip("/").partition("/")[0]
    genoemd = [uri_versie, begin] if VERSIONED.fullmatch(begin) else [uri_versie]
    return all(MAJOR_VERSION.fullmatch(versie) for versie in genoemd)


def soort_volgens_profiel(soort: str) -> bool:
    """Whether an event type is in reverse DNS; one left out is for the contract, which demands it."""
    return not soort or EVENT_TYPE.fullmatch(soort) is not None


def binnen_maanden(datum: date, dagen: int, maanden: int) -> bool:
    """Whether, `dagen` after receipt, a term of some months still runs; a month ends on the same day of the month.

    Source: AVG 12(3); Regulation (EEC, Euratom) 1182/71 art. 3.
    """
    if not 0 <= dagen < datum.toordinal():
        return False
    begin = datum - timedelta(days=dagen)
    jaar, maand = divmod(begin.year * 12 + begin.month - 1 + maanden, 12)
    laatste = min(begin.day, monthrange(jaar, maand + 1)[1])
    return (datum.year, datum.month, datum.day) <= (jaar, maand + 1, laatste)


def tijdvak_jaren(tijdvak: str) -> int:
    """How many whole years a table covers; 0 for a quarter, a month or anything that cannot be read."""
    if not tijdvak:
        return ONGEDEELD
    gelezen = JAREN.fullmatch(tijdvak)
    if gelezen is None:
        return 0
    return max(0, int(gelezen[2] or gelezen[1]) - int(gelezen[1]) + 1)


def _padvorm(pad: str) -> re.Pattern[str]:
    return re.compile("/".join(EEN_PADSTUK if stuk == "*" else re.escape(stuk) for stuk in pad.split("/")))
