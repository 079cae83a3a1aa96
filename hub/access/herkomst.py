"""What a result rests on: every seat in its ancestry, over all the steps that led to it.

The list of ancestors is the whole ancestry. Where it is missing or names what nobody knows, the worst is assumed.
"""

from collections.abc import Mapping

from hub.access.bundel import Bundel
from hub.access.verzoek import Verzoek


def rust_op(bundel: Bundel, verzoek: Verzoek, omstandigheden: Mapping[str, object]) -> dict[str, object]:
    """Whether the data rest, or may rest, on data of the tax authority and of investigating bodies.

    Source: WGS 1.5(4), 1.7(3)(6).
    """
    gegeven = omstandigheden["herkomst"]
    genoemd = {str(z).partition("@")[0] for z in gegeven} if isinstance(gegeven, list) else set()
    bron = bundel.zetels[verzoek.bronsoort]
    afgeleid = (
        bundel.categorieen[verzoek.categorie].get("resultaat", False)
        or omstandigheden["afgeleide_samenvatting"] is True
        or omstandigheden["herkomst_stappen"] != 1
        or bron.namens_deelnemers
    )
    onbekend = not genoemd <= bundel.zetels.keys() or (afgeleid and not genoemd)
    zetels = [bron, *(bundel.zetels[z] for z in genoemd & bundel.zetels.keys())]
    return {
        "kan_op_belasting_rusten": onbekend or any(z.belasting for z in zetels),
        "kan_op_opsporing_rusten": onbekend or any(z.opsporing for z in zetels),
    }
