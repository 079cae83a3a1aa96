"""The grounds for disclosure between two organisations that a question brings into view."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.access.bundel import Bundel
from hub.access.verzoek import Verzoek
from hub.access.zetel import Convenant, hoort_bij

SPOOR = "bilateraal"
BEELD = "casusbeeld"
VERORDENING = "verordening"


@dataclass(frozen=True, slots=True)
class Weg:
    """From which seat to which, each a type or an instance, and the categories that a ground must name."""

    van: str
    naar: str
    categorieen: frozenset[str]


def gronden(bundel: Bundel, verzoek: Verzoek, omstandigheden: Mapping[str, object]) -> list[str]:
    """The grounds on which the asking seat may disclose to the recipient; none without a recipient.

    Source: WGS 1.2(2).
    """
    if verzoek.spoor != SPOOR or not omstandigheden["ontvanger"]:
        return []
    weg = Weg(verzoek.zetel, str(omstandigheden["ontvanger"]), frozenset({verzoek.categorie}))
    return _in_beeld(bundel, verzoek, weg, omstandigheden)


def leesgronden(bundel: Bundel, verzoek: Verzoek, omstandigheden: Mapping[str, object]) -> list[str]:
    """The grounds on which the source may disclose to a seat that asks to read; none for its own data."""
    if verzoek.spoor != SPOOR or verzoek.handeling != "lezen" or verzoek.eigen:
        return []
    # The whole view is only a frame, open to who may read anything in it; what stands in it is asked one by one.
    weg = Weg(verzoek.bron_zetel, verzoek.zetel, frozenset({verzoek.categorie} - {BEELD}))
    return _in_beeld(bundel, verzoek, weg, omstandigheden)


def _in_beeld(bundel: Bundel, verzoek: Verzoek, weg: Weg, omstandigheden: Mapping[str, object]) -> list[str]:
    van, naar = weg.van.partition("@")[0], weg.naar.partition("@")[0]
    return [
        grond.id
        for grond in bundel.gronden
        if (grond.van is None or hoort_bij(van, grond.van))
        and not hoort_bij(van, grond.behalve)
        and (grond.naar is None or hoort_bij(naar, grond.naar))
        and verzoek.doel in grond.doelen
        and (grond.categorieen is None or weg.categorieen <= grond.categorieen)
        and (grond.betrokkenen is None or verzoek.betrokkene_rol in grond.betrokkenen)
        and (grond.convenant is None or _afgesproken(bundel, verzoek, weg, grond.convenant, omstandigheden))
    ]


def _afgesproken(bundel: Bundel, verzoek: Verzoek, weg: Weg, soort: str, omstandigheden: Mapping[str, object]) -> bool:
    """Whether a covenant of the kind in force names both seats, the purpose and the categories.

    A by-law holds by itself; a covenant only for who relies on it.
    """
    if not omstandigheden["convenant_geldig"] or omstandigheden["ondertekenaar"] == "nee":
        return False
    regionaal, landelijk = bundel.in_kracht(verzoek.spoor, verzoek.regio, verzoek.datum)
    return any(
        c.soort == soort
        and (c.soort == VERORDENING or c.id == omstandigheden["convenant"])
        and _is_partij(c, weg.van)
        and _is_partij(c, weg.naar)
        and verzoek.doel in c.doelen
        and weg.categorieen <= c.categorieen
        for c in (*regionaal, *landelijk)
    )


def _is_partij(convenant: Convenant, zetel: str) -> bool:
    zetelsoort, _, gebied = zetel.partition("@")
    return hoort_bij(zetelsoort, convenant.partijen_in(gebied))
