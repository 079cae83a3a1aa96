"""The symbolic world of one track: who asks, what for, about which data, and every fact a rule may use.

Finite things (seats, actions, categories) are numbers with a name. A text is one of the words anybody uses, or one
of the texts nobody names; a set of texts says of each word whether it is in. Facts are unknowns: a solver tries all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import z3

from hub.access.bundel import Bundel, entiteitenlijst
from hub.access.feiten import feiten
from hub.access.verzoek import Verzoek
from hub.access.zetel import STANDEN

# Stands for every text that no rule and no table names. No word of the policy holds this sign.
ANDERS = "\N{HORIZONTAL ELLIPSIS}"
BREEDTE = 12


class NietVertaalbaar(Exception):
    """A rule says something the proof does not understand; then there is no proof."""


@dataclass(frozen=True, slots=True)
class Tekst:
    """A text by its number. `open`: it may be a text that nobody names. `vast`: the number, where it is written out."""

    code: z3.BitVecRef
    open: bool
    vast: int | None = None


@dataclass(frozen=True, slots=True)
class Lijst:
    """A set of texts: for each word that may be in, whether it is. `open`: texts that nobody names may be in too.

    `bits`: of a fact, all of that in one number, a bit per word.
    """

    leden: Mapping[int, z3.BoolRef]
    open: bool
    bits: Any = None


@dataclass(frozen=True, slots=True)
class Entiteit:
    """A seat (`Zetel`), action (`Action`) or category (`Gegeven`) by its number."""

    soort: str
    code: z3.BitVecRef


#: A formula, number, Tekst, Lijst or Entiteit. The solver has no types of its own.
Waarde: TypeAlias = Any


class Wereld:
    """The unknowns of one track. `woorden`: every word the rules use; `begin`: beginnings of text they look for."""

    def __init__(self, bundel: Bundel, spoor: str, woorden: Iterable[str], begin: Iterable[str] = ()) -> None:
        self.bundel, self.spoor = bundel, spoor
        self.entiteiten: dict[str, tuple[str, ...]] = {
            "Zetel": tuple(bundel.zetels),
            "Action": tuple(bundel.handelingen),
            "Gegeven": tuple(f"{spoor}:{naam}" for naam in bundel.categorieen),
        }
        self._eigenschappen = {
            (e["uid"]["type"], e["uid"]["id"]): e["attrs"]
            for e in entiteitenlijst(bundel.zetels, bundel.categorieen, bundel.sporen)
        }
        self.voorbeeld = voorbeeld(bundel, spoor)
        self._begin = tuple(sorted({f"{b}{ANDERS}" for b in begin}, key=len, reverse=True))
        self.woorden = tuple(sorted(set(woorden) | self._uit_tabellen())) + tuple(reversed(self._begin)) + (ANDERS,)
        self._nummer = {woord: nummer for nummer, woord in enumerate(self.woorden)}
        self.feiten: dict[str, Waarde] = {}
        self._uitgewerkt: dict[tuple[str, str], Waarde] = {}
        self.principal, self.action, self.resource = (
            Entiteit(soort, z3.BitVec(naam, BREEDTE))
            for soort, naam in (("Zetel", "principal"), ("Action", "action"), ("Gegeven", "resource"))
        )

    def _uit_tabellen(self) -> set[str]:
        """Every word the tables can put into a fact or an attribute."""
        woorden = {*self.bundel.zetels, *self.bundel.categorieen, *STANDEN, "onbekend"}
        woorden |= {grond.id for grond in self.bundel.gronden}
        for lijst in self.bundel.woordenlijst.values():
            woorden |= lijst
        for omstandigheid in self.bundel.omstandigheden.values():
            woorden |= set(omstandigheid.get("waarden", ()))
        for waarde in self.voorbeeld.values():
            woorden |= {waarde} if isinstance(waarde, str) else set()
        for eigenschappen in self._eigenschappen.values():
            for waarde in eigenschappen.values():
                woorden |= set(waarde) if isinstance(waarde, list) else set()
        return woorden

    def grenzen(self) -> z3.BoolRef:
        """That every number used names something."""
        grens = [z3.ULT(e.code, len(self.entiteiten[e.soort])) for e in (self.principal, self.action, self.resource)]
        teksten = [feit.code for feit in self.feiten.values() if isinstance(feit, Tekst)]
        return z3.And(*grens, *(z3.ULT(code, len(self.woorden)) for code in teksten))

    def nummer(self, woord: str) -> int:
        """The number of a word; of a text nobody names, the number of the class it falls in."""
        gevonden = self._nummer.get(woord)
        if gevonden is not None:
            return gevonden
        passend = (begin for begin in self._begin if woord.startswith(begin.removesuffix(ANDERS)))
        return self._nummer[next(passend, ANDERS)]

    def tekst(self, woord: str) -> Tekst:
        """A known text."""
        nummer = self.nummer(woord)
        return Tekst(z3.BitVecVal(nummer, BREEDTE), woord not in self._nummer, nummer)

    def is_entiteit(self, entiteit: Entiteit, namen: Iterable[str]) -> z3.BoolRef:
        """That it is one of the named; a name of another track is nothing here."""
        bekend = self.entiteiten[entiteit.soort]
        return een_van(entiteit.code, (bekend.index(naam) for naam in namen if naam in bekend))

    def is_woord(self, tekst: Tekst, woorden: Iterable[str]) -> z3.BoolRef:
        """That a text is one of some words."""
        return een_van(tekst.code, (self._nummer[woord] for woord in woorden))

    def begint_met(self, tekst: Tekst, begin: str) -> z3.BoolRef:
        """That a text begins so; every beginning looked for has texts of its own that nobody names."""
        return een_van(tekst.code, (n for n, woord in enumerate(self.woorden) if woord.startswith(begin)))

    def eigenschap(self, entiteit: Entiteit, naam: str) -> Waarde:
        """An attribute of a seat or category, as the tables give it. Raises NietVertaalbaar where there is none."""
        sleutel = (entiteit.soort, naam)
        if sleutel not in self._uitgewerkt:
            self._uitgewerkt[sleutel] = self._werk_uit(entiteit, naam)
        return self._uitgewerkt[sleutel]

    def _werk_uit(self, entiteit: Entiteit, naam: str) -> Waarde:
        namen = self.entiteiten[entiteit.soort]
        try:
            waarden = {een: self._eigenschappen[entiteit.soort, een][naam] for een in namen}
        except KeyError:
            raise NietVertaalbaar(f"{entiteit.soort} heeft geen eigenschap {naam!r}") from None
        soort = type(next(iter(waarden.values())))
        if soort is bool:
            return self.is_entiteit(entiteit, (een for een, waarde in waarden.items() if waarde))
        if soort is list:
            return self._eigenschap_lijst(entiteit, waarden)
        if soort is int:
            getal: z3.ArithRef = z3.IntVal(0)
            for een, waarde in waarden.items():
                getal = z3.If(self.is_entiteit(entiteit, (een,)), z3.IntVal(waarde), getal)
            return getal
        raise NietVertaalbaar(f"eigenschap {naam!r} is van een onbekende soort")

    def _eigenschap_lijst(self, entiteit: Entiteit, waarden: Mapping[str, list[str]]) -> Lijst:
        houders: dict[str, list[str]] = {}
        for een, woorden in waarden.items():
            for woord in woorden:
                houders.setdefault(woord, []).append(een)
        leden = {self._nummer[woord]: self.is_entiteit(entiteit, wie) for woord, wie in houders.items()}
        return Lijst(leden, open=False)

    def feit(self, naam: str) -> Waarde:
        """A fact of the question. Raises NietVertaalbaar where the fact layer does not supply it."""
        if naam not in self.feiten:
            self.feiten[naam] = self._nieuw(naam)
        return self.feiten[naam]

    def _nieuw(self, naam: str) -> Waarde:
        if naam not in self.voorbeeld:
            raise NietVertaalbaar(f"het feit {naam!r} wordt nergens uitgerekend")
        gesloten = self.bundel.omstandigheden.get(naam, {}).get("waarden") is not None or naam in GESLOTEN
        match self.voorbeeld[naam]:
            case bool():
                return z3.Bool(naam)
            case int():
                return z3.Int(naam)
            case str():
                return Tekst(z3.BitVec(naam, BREEDTE), open=not gesloten)
            case list() | tuple():
                bits = z3.BitVec(naam, len(self.woorden))
                leden = {nummer: z3.Extract(nummer, nummer, bits) == 1 for nummer in range(len(self.woorden))}
                return Lijst(leden, open=not gesloten, bits=bits)
        raise NietVertaalbaar(f"het feit {naam!r} is van een onbekende soort")

    def feit_is(self, naam: str, waarde: object) -> z3.BoolRef:
        """That a fact has one value."""
        feit = self.feit(naam)
        if isinstance(feit, Tekst):
            return feit.code == self.nummer(str(waarde))
        if isinstance(feit, Lijst):
            return feit.bits == self.bits(waarde if isinstance(waarde, list | tuple) else ())
        return feit == waarde

    def bits(self, woorden: Iterable[str]) -> int:
        """A set of words as a number."""
        return sum({1 << self.nummer(woord) for woord in woorden})

    def ja(self, naam: str) -> z3.BoolRef:
        """A fact that is yes or no."""
        feit = self.feit(naam)
        assert isinstance(feit, z3.BoolRef)  # noqa: S101
        return feit

    def woord(self, naam: str) -> Tekst:
        """A fact that is a text."""
        feit = self.feit(naam)
        assert isinstance(feit, Tekst)  # noqa: S101
        return feit

    def lijst(self, naam: str) -> Lijst:
        """A fact that is a set of texts."""
        feit = self.feit(naam)
        assert isinstance(feit, Lijst)  # noqa: S101
        return feit


# Facts whose words are all in a table, though no circumstance of that name lists them.
GESLOTEN = frozenset({"zetel", "bron", "doel", "betrokkene_rol", "bijzonder", "kenmerken", "stand", "ontvanger_stand",
    "gronden"})  # fmt: skip


def een_van(code: z3.BitVecRef, nummers: Iterable[int]) -> z3.BoolRef:
    """That a number is one of some."""
    keuzes: Sequence[z3.BoolRef] = [code == nummer for nummer in nummers]
    return z3.Or(*keuzes) if keuzes else z3.BoolVal(False)


def voorbeeld(bundel: Bundel, spoor: str) -> dict[str, object]:
    """All facts of one plain question: which facts there are, and of which kind each is."""
    zetel, lijst = next(iter(bundel.zetels)), bundel.woordenlijst
    verzoek = Verzoek(
        zetel=zetel, rol=min(lijst["rollen"]), handeling=next(iter(bundel.handelingen)), spoor=spoor,
        regio=min(lijst["regios"]), datum=date(2026, 1, 1), categorie=next(iter(bundel.categorieen)),
        bron_zetel=zetel, fase=0, doel=min(lijst["doelen"]),
    )  # fmt: skip
    return feiten(bundel, verzoek, bundel.standaarden)
