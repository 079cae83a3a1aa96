"""The adapters by their name."""

from collections.abc import Callable

from adapters.arbeidsinspectie import read as arbeidsinspectie
from adapters.comensha import read as comensha
from adapters.contractberichten import read as contractberichten
from adapters.gemeente import read as gemeente
from adapters.intake import Adapter
from adapters.mma import read as mma
from adapters.politie import read as politie
from adapters.zorgcoordinator import read as zorgcoordinator

ADAPTERS: dict[str, Callable[[str], Adapter]] = {
    politie.NAME: politie.adapter,
    arbeidsinspectie.NAME: arbeidsinspectie.adapter,
    comensha.NAME: comensha.adapter,
    gemeente.NAME: gemeente.adapter,
    zorgcoordinator.NAME: zorgcoordinator.adapter,
    mma.NAME: mma.adapter,
    contractberichten.NAME: contractberichten.adapter,
}

BRONNEN: dict[str, str] = {
    module.NAME: module.BRON
    for module in (politie, arbeidsinspectie, comensha, gemeente, zorgcoordinator, mma, contractberichten)
}


def find_adapter(name: str, bron: str | None = None) -> Adapter:
    """The adapter of that name, for its example source or the given one. Raises KeyError."""
    return ADAPTERS[name](bron or BRONNEN[name])
