"""The proof: for every track and never-rule, no request at all is permitted that the rule forbids.

A permit needs a rule that allows and no prohibition that applies. The solver looks for a request that is permitted
all the same; finding none is a proof, finding one is a counterexample that Cedar can be asked about.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import z3

from hub.access.bewijs.koppeling import KOPPELINGEN
from hub.access.bewijs.nooit import Nooit, lees_nooit
from hub.access.bewijs.vertaal import gezochte_beginnen, vertaal_regel
from hub.access.bewijs.wereld import Lijst, NietVertaalbaar, Tekst, Wereld
from hub.access.bundel import BELEIDSMAP, Bundel, laad_bundel
from hub.access.regel import Regel, woorden
from hub.access.ruw import PLATFORM, SPOORBESTAND


@dataclass(frozen=True, slots=True)
class Tegenvoorbeeld:
    """A request that is permitted and must never be. `feiten`: the whole Cedar context; `anders`: the facts in it
    that differ from a plain question; `regels`: the rules that allow it."""

    spoor: str
    zetel: str
    handeling: str
    categorie: str
    feiten: Mapping[str, object]
    anders: tuple[str, ...]
    regels: tuple[str, ...]

    def __str__(self) -> str:
        feiten = "; ".join(f"{naam}: {_leesbaar(self.feiten[naam])}" for naam in self.anders)
        return (
            f"Toegestaan zou zijn: zetel {self.zetel}, handeling {self.handeling}, gegeven {self.categorie}, "
            f"spoor {self.spoor}. Dat doet: {', '.join(self.regels)}. Met: {feiten or 'niets bijzonders'}."
        )


@dataclass(frozen=True, slots=True)
class Uitkomst:
    """What the solver says of one never-rule in one track.

    A proof needs the prohibitions and certainties of `steunt_op`, and the permits of `reikt_niet` no wider.
    """

    nooit: Nooit
    spoor: str
    tegenvoorbeeld: Tegenvoorbeeld | None
    steunt_op: tuple[str, ...] = ()
    reikt_niet: tuple[str, ...] = ()

    def __str__(self) -> str:
        kop = f"{self.nooit.id} ({self.spoor})"
        if self.tegenvoorbeeld is None:
            steun = ", ".join(self.steunt_op) or "geen enkel verbod"
            reikt = f"; {len(self.reikt_niet)} toestemmingen reiken niet zo ver" if self.reikt_niet else ""
            return f"bewezen   {kop}: {self.nooit.zin} Steunt op {steun}{reikt}."
        return f"GEBROKEN  {kop}: {self.nooit.zin} [{self.nooit.bron}] {self.tegenvoorbeeld}"


class Spoorbewijs:
    """The policy of one track as one formula, to be asked about any number of never-rules. Not thread-safe."""

    def __init__(self, bundel: Bundel, spoor: str, nooit: Iterable[Nooit]) -> None:
        self.regels = regels_van(bundel, spoor)
        self._nooit = {een.id: een for een in nooit if not een.sporen or spoor in een.sporen}
        alles: list[Regel] = [*self.regels, *(een.regel for een in self._nooit.values())]
        self.wereld = Wereld(
            bundel, spoor, (woord for regel in alles for woord in woorden(regel.est)),
            (begin for regel in alles for begin in gezochte_beginnen(regel.est)),
        )  # fmt: skip
        self.formules = {regel.id: vertaal_regel(self.wereld, regel) for regel in self.regels}
        self._oplosser = z3.Solver()
        self._aan: dict[str, z3.BoolRef] = {}
        self._gewoon: dict[str, z3.BoolRef] = {}
        self._leg_vast()

    def _leg_vast(self) -> None:
        """State policy and certainties, each prohibition, permit and certainty under a switch of its own."""
        gekozen = {regel.id: z3.Bool(f"gekozen {regel.id}") for regel in self.regels if regel.toestaan}
        self._oplosser.add(z3.Or(*gekozen.values()))
        for regel in self.regels:
            formule = self.formules[regel.id]
            zegt = z3.Implies(gekozen[regel.id], formule) if regel.toestaan else z3.Not(formule)
            self._schakel(regel.id, zegt)
        for een in self._nooit.values():
            self._schakel(f"nooit {een.id}", self._verbod(een))
        for koppeling in KOPPELINGEN:
            self._schakel(f"zeker: {koppeling.id}", koppeling.formule(self.wereld))
        for naam in self.wereld.feiten:
            self._gewoon[naam] = z3.Bool(f"gewoon {naam}")
            vast = self.wereld.feit_is(naam, self.wereld.voorbeeld[naam])
            self._oplosser.add(z3.Implies(self._gewoon[naam], vast))
        self._oplosser.add(self.wereld.grenzen())

    def _schakel(self, naam: str, zegt: z3.BoolRef) -> None:
        self._aan[naam] = z3.Bool(f"aan {naam}")
        self._oplosser.add(z3.Implies(self._aan[naam], zegt))

    def _verbod(self, een: Nooit) -> z3.BoolRef:
        wereld, delen = self.wereld, [vertaal_regel(self.wereld, een.regel)]
        if een.categorieen:
            delen.append(wereld.is_entiteit(wereld.resource, (f"{wereld.spoor}:{naam}" for naam in een.categorieen)))
        if een.zetels_zonder_stand:
            regios = (None, *wereld.bundel.woordenlijst["regios"])
            zonder = (
                zetel.id
                for zetel in wereld.bundel.zetels.values()
                if {zetel.stand(wereld.spoor, regio) for regio in regios}.isdisjoint(een.zetels_zonder_stand)
            )
            delen.append(wereld.is_entiteit(wereld.principal, zonder))
        return z3.And(*delen)

    def uitkomst(self, een: Nooit, uit: Iterable[str] = ()) -> Uitkomst:
        """Proof or counterexample for one never-rule. `uit`: prohibitions left out, permits freed of their scope and
        conditions, for who wants to see what a rule is worth."""
        weg = set(uit)
        aan = [
            schakelaar
            for naam, schakelaar in self._aan.items()
            if naam not in weg and (not naam.startswith("nooit ") or naam == f"nooit {een.id}")
        ]
        gevonden = self._oplosser.check(*aan)
        if gevonden == z3.unknown:
            raise NietVertaalbaar(f"de oplosser komt er niet uit: {self._oplosser.reason_unknown()}")
        if gevonden == z3.unsat:
            kern = {str(schakelaar).removeprefix("aan ") for schakelaar in self._oplosser.unsat_core()}
            staan_toe = {regel.id for regel in self.regels if regel.toestaan}
            steun = kern - staan_toe - {f"nooit {een.id}"}
            return Uitkomst(een, self.wereld.spoor, None, tuple(sorted(steun)), tuple(sorted(kern & staan_toe)))
        return Uitkomst(een, self.wereld.spoor, self._gewoonste(aan))

    def _gewoonste(self, aan: list[z3.BoolRef]) -> Tegenvoorbeeld:
        """The counterexample in which no fact differs from a plain question without need.

        All facts start plain; as long as that cannot be, one that stands in the way is let go.
        """
        gewoon = dict(self._gewoon)
        while self._oplosser.check(*aan, *gewoon.values()) != z3.sat:
            in_de_weg = {str(schakelaar) for schakelaar in self._oplosser.unsat_core()}
            del gewoon[next(naam for naam in gewoon if f"gewoon {naam}" in in_de_weg)]
        for naam in self._gewoon.keys() - gewoon.keys():
            ook = {**gewoon, naam: self._gewoon[naam]}
            gewoon = ook if self._oplosser.check(*aan, *ook.values()) == z3.sat else gewoon
        self._oplosser.check(*aan, *gewoon.values())
        anders = (naam for naam in self._gewoon if naam not in gewoon)
        return self.verzoek(self._oplosser.model(), tuple(sorted(anders)))

    def verzoek(self, model: z3.ModelRef, anders: tuple[str, ...] = ()) -> Tegenvoorbeeld:
        """The request that a model stands for."""
        wereld = self.wereld
        zetel, handeling, gegeven = (
            wereld.entiteiten[e.soort][model.eval(e.code, model_completion=True).as_long()]
            for e in (wereld.principal, wereld.action, wereld.resource)
        )
        return Tegenvoorbeeld(
            spoor=wereld.spoor,
            zetel=zetel,
            handeling=handeling,
            categorie=gegeven.partition(":")[2],
            feiten={naam: _gevonden(model, wereld, feit) for naam, feit in sorted(wereld.feiten.items())},
            anders=anders,
            regels=tuple(
                regel.id
                for regel in self.regels
                if regel.toestaan and z3.is_true(model.eval(z3.Bool(f"gekozen {regel.id}"), model_completion=True))
            ),
        )


def bewijs(bundel: Bundel, nooit: Iterable[Nooit]) -> Iterator[Uitkomst]:
    """Every never-rule in every track it is about. Raises NietVertaalbaar where a rule cannot be translated."""
    alle = tuple(nooit)
    for spoor in bundel.sporen:
        gevraagd = [een for een in alle if not een.sporen or spoor in een.sporen]
        # Without a rule that allows there is nothing to prove.
        if gevraagd and any(regel.toestaan for regel in regels_van(bundel, spoor)):
            spoorbewijs = Spoorbewijs(bundel, spoor, gevraagd)
            yield from (spoorbewijs.uitkomst(een) for een in gevraagd)


def bewijs_map(map: Path | None = None) -> Iterator[Uitkomst]:
    """The proof of the packaged policy, or of the one in a folder. Raises BeleidOngeldig, NietVertaalbaar."""
    yield from bewijs(laad_bundel(map), lees_nooit(map or BELEIDSMAP))


def regels_van(bundel: Bundel, spoor: str) -> tuple[Regel, ...]:
    """The rules that can speak in a track."""
    bestanden = (PLATFORM, *SPOORBESTAND.get(spoor, ()))
    return tuple(regel for regel in bundel.regels if regel.bestand in bestanden)


def _gevonden(model: z3.ModelRef, wereld: Wereld, feit: Any) -> object:
    def waarde(formule: z3.ExprRef) -> Any:
        return model.eval(formule, model_completion=True)

    if isinstance(feit, Tekst):
        return wereld.woorden[waarde(feit.code).as_long()]
    if isinstance(feit, Lijst):
        bits = waarde(feit.bits).as_long()
        return sorted(woord for nummer, woord in enumerate(wereld.woorden) if bits >> nummer & 1)
    gevonden = waarde(feit)
    return z3.is_true(gevonden) if isinstance(feit, z3.BoolRef) else gevonden.as_long()


def _leesbaar(waarde: object) -> str:
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    if isinstance(waarde, list):
        return ", ".join(map(str, waarde)) or "geen"
    return str(waarde) or "leeg"
