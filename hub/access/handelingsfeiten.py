"""Facts about what a seat does rather than about the data: consultation, lifting a case, terms."""

from collections.abc import Mapping

from hub.access.bundel import Bundel
from hub.access.termijnen import bedenktijd_voorbij
from hub.access.verzoek import Verzoek
from hub.access.zetel import hoort_bij

HUB = "hub"


def handelingsfeiten(
    bundel: Bundel, verzoek: Verzoek, ontvanger: str, omstandigheden: Mapping[str, object]
) -> dict[str, object]:
    """The action itself, the kind of seat that receives, and what the action asks for."""
    dagen = omstandigheden["verstreken_dagen"]
    return {
        "handeling": verzoek.handeling,
        "ontvanger": ontvanger,
        "standen": standen(bundel, verzoek.zetelsoort),
        "plust_op": plust_op(bundel, verzoek, omstandigheden),
        "geraadpleegd": geraadpleegd(verzoek, omstandigheden),
        "bedenktijd_voorbij": isinstance(dagen, int)
        and bedenktijd_voorbij(verzoek.datum, dagen, dublin=bool(omstandigheden["dublin"])),
    }


def standen(bundel: Bundel, zetelsoort: str) -> list[str]:
    """Every standing that a kind of seat has somewhere in a track with cases or signals, in whatever region."""
    zetel = bundel.zetels[zetelsoort]
    overal = [*zetel.sporen.items(), *(een for deel in zetel.regions.values() for een in deel.items())]
    return sorted({stand for spoor, stand in overal if spoor != HUB and stand != "geen"})


def plust_op(bundel: Bundel, verzoek: Verzoek, omstandigheden: Mapping[str, object]) -> bool:
    """Whether a route or covenant of the region names this seat to lift a case to the RIEC."""
    in_kracht = bundel.van_regio(verzoek.regio, verzoek.datum) if omstandigheden["convenant_geldig"] else ()
    return any(hoort_bij(verzoek.zetelsoort, c.opplussen) for c in in_kracht)


def geraadpleegd(verzoek: Verzoek, omstandigheden: Mapping[str, object]) -> list[str]:
    """The other kinds of seats that were consulted; nobody consults himself."""
    genoemd = omstandigheden["geraadpleegd"]
    zetels = genoemd if isinstance(genoemd, list | tuple | frozenset | set) else ()
    return sorted({str(zetel).partition("@")[0] for zetel in zetels} - {verzoek.zetelsoort})
