"""One question to the policy: may this seat do this with this category, here and now?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Verzoek:
    """What a seat wants to do with one data category, inside one track and on one day.

    `zetel` and `bron_zetel` are seat types (`politie.avim`) or instances (`politie.avim@oost-nederland`).
    `fase` is the highest phase open for the case, 0 where phases do not apply. `omstandigheden` is a closed
    world: a key left out has the default of `omstandigheden.yaml`; an unknown key is refused.
    """

    zetel: str
    rol: str
    handeling: str
    spoor: str
    regio: str
    datum: date
    categorie: str
    bron_zetel: str
    fase: int
    doel: str
    betrokkene_rol: str = "geen"
    minderjarig: bool = False
    bijzonder: frozenset[str] = frozenset()
    kenmerken: frozenset[str] = frozenset()
    omstandigheden: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def zetelsoort(self) -> str:
        """The seat type of the asking seat."""
        return self.zetel.partition("@")[0]

    @property
    def bronsoort(self) -> str:
        """The seat type of the seat whose data are asked for."""
        return self.bron_zetel.partition("@")[0]

    @property
    def eigen(self) -> bool:
        """Whether the data are the asking seat's own; two areas of one seat type are strangers to each other."""
        if "@" in self.zetel and "@" in self.bron_zetel:
            return self.zetel == self.bron_zetel
        return self.zetelsoort == self.bronsoort

    def sleutel(self) -> tuple[object, ...]:
        """A hashable key that is equal for two questions with equal input; list values count by content."""
        omstandigheden = tuple(
            (naam, tuple(waarde) if isinstance(waarde, list) else waarde, waarde.__class__)
            for naam, waarde in self.omstandigheden.items()
        )
        return (
            self.zetel, self.rol, self.handeling, self.spoor, self.regio, self.datum, self.categorie,
            self.bron_zetel, self.fase, self.fase.__class__, self.doel, self.betrokkene_rol, self.minderjarig,
            self.bijzonder, self.kenmerken, omstandigheden,
        )  # fmt: skip
