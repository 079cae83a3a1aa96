"""What the policy answered, in the form decisions need it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Oordeel:
    """The answer for all categories of one question at once.

    `per_bron`: permitted categories per providing seat. `geweigerd`: categories that stay hidden.
    `regels`, `grondslagen`: deciding rules and their articles. `redenen`: plain Dutch sentences.
    `vorm`: how a refusal looks from outside, the most concealing one where several rules refuse.
    """

    per_bron: dict[str, tuple[str, ...]]
    geweigerd: tuple[str, ...]
    regels: tuple[str, ...]
    grondslagen: tuple[str, ...]
    redenen: tuple[str, ...]
    weigerregels: tuple[str, ...]
    alternatief: str | None
    beleidsversie: str
    vorm: str | None = None

    @property
    def categorieen(self) -> tuple[str, ...]:
        return tuple(sorted({category for allowed in self.per_bron.values() for category in allowed}))


class Onbekend(Exception):
    """The thing does not exist, or not for this seat; the two are never told apart."""


class Strijdig(Exception):
    """What is asked does not fit the state; the text is a Dutch sentence without personal data."""
