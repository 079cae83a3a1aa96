"""Hats: the seats a person may wear, each with its label, its purposes and the pages it has use for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hub.access.beleid import Beleid

OFFICERS = frozenset({"privacy-officer", "auditor", "coordinerend-fg", "contactpunt"})


@dataclass(frozen=True, slots=True)
class Hats:
    """The seats of the policy in force."""

    beleid: Callable[[], Beleid]

    def label(self, zetel: str) -> str:
        """The name of a seat for people; the seat itself where it is unknown."""
        known = self.beleid().instanties.get(zetel)
        return known.label if known else zetel

    def known(self, zetels: Iterable[str]) -> list[tuple[str, str]]:
        """Those that exist now, each with its label."""
        return [(one, self.label(one)) for one in zetels if one in self.beleid().instanties]

    def purposes(self, zetel: str) -> tuple[str, ...]:
        """The purposes of the tracks in which this seat has a place."""
        known = self.beleid().instanties.get(zetel)
        if known is None:
            return ()
        kind = self.beleid().zetels[known.type]
        tracks = [track for name, track in self.beleid().sporen.items() if kind.stand(name, known.regio) != "geen"]
        return tuple(dict.fromkeys(doel for track in tracks for doel in track.doelen))

    def is_officer(self, zetel: str) -> bool:
        """Whether this seat tests what others do."""
        return zetel.partition("@")[0] in OFFICERS

    def tests(self, zetel: str) -> bool:
        """Whether the policy says that testing lawfulness is the task of this seat."""
        known = self.beleid().instanties.get(zetel)
        return known is not None and self.beleid().zetels[known.type].toetst

    def oin(self, zetel: str) -> str:
        """Of the organisation of a seat; empty for one that does not exist."""
        known = self.beleid().instanties.get(zetel)
        return known.oin if known else ""

    def regio(self, zetel: str) -> str:
        """The region of a seat."""
        known = self.beleid().instanties.get(zetel)
        return known.regio if known else "landelijk"

    def near(self, zetel: str, regio: str = "") -> list[tuple[str, str]]:
        """The other seats of its region, of another one that is asked about, and of the whole country, by label."""
        regions = {self.regio(zetel), regio, "landelijk"}
        found = [(one.id, one.label) for one in self.beleid().instanties.values() if one.regio in regions]
        return sorted((one for one in found if one[0] != zetel), key=lambda one: one[1])

    def contact_points(self, verband: str, regio: str) -> list[tuple[str, str]]:
        """The seats that answer for a kind of partnership, by label; those of this region first."""
        kind = f"{verband}.bureau"
        found = [one for one in self.beleid().instanties.values() if one.type == kind]
        return [(one.id, one.label) for one in sorted(found, key=lambda one: (one.regio != regio, one.label))]

    def purpose_of(self, spoor: str) -> str:
        """The first purpose of a track; empty where it does not exist."""
        track = self.beleid().sporen.get(spoor)
        return track.doelen[0] if track else ""

    def all_purposes(self) -> tuple[str, ...]:
        """The purposes of every track in which one passes something on."""
        tracks = self.beleid().sporen.values()
        return tuple(sorted({doel for track in tracks for doel in track.doelen}))

    def regions(self) -> list[str]:
        """Every region and area one may ask about."""
        return sorted(self.beleid().gebieden)
