"""What the policy answers: a permit or a refusal, each with its rules and articles."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Permit:
    """The policy allows it. `bronnen` are law articles, `zinnen` the rules in plain Dutch, in the same order."""

    zetel: str
    handeling: str
    categorie: str
    regels: tuple[str, ...]
    bronnen: tuple[str, ...]
    zinnen: tuple[str, ...]
    beleidsversie: str
    verplichtingen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weigering:
    """The policy refuses. `regels` are the deciding prohibitions, or `standaard-geweigerd` where no rule allows it.

    `vorm` says how the refusal may look from outside (`verboden`, `niet-gevonden`, `neutraal`, `probleem-400`,
    ...); `reden` and `alternatief` are for the record and, only with an open form, for the asker. `verplichtingen`
    are what the refusal itself sets going, such as a request that opens again.
    """

    zetel: str
    handeling: str
    categorie: str
    regels: tuple[str, ...]
    reden: str
    bronnen: tuple[str, ...]
    alternatief: str | None
    vorm: str
    beleidsversie: str
    verplichtingen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Masker:
    """The categories of one view that one seat may see, with the answer behind each category asked for."""

    zichtbaar: frozenset[str]
    antwoorden: Mapping[str, Permit | Weigering]
