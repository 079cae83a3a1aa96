"""The rules that can speak about one action in one track, made ready for Cedar."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import cedarpy

from hub.access.inpakken import MERKEN, ingepakt, inpakking
from hub.access.regel import Regel
from hub.access.snede import Gegeven, aanleiding

#: What a fact that is worked out usually is; of a given circumstance that is its default.
GEWOON = {
    "wet": True,
    "stand": "deelnemer",
    "tafel_genoemd": True,
    "ontvangers_compleet": True,
    "betrokkene_in_convenant": True,
}
MEESTE_SNEDEN = 4096


@dataclass(frozen=True, slots=True)
class Uitkomst:
    """What Cedar found: the rules that apply. `binnen`: whether any permit is among them; `fout`: one failed."""

    toegestaan: bool
    fout: bool
    regels: tuple[str, ...]
    binnen: bool


@dataclass(frozen=True, slots=True)
class Klaar:
    """Facts brought into the form in which these rules take them; equal facts give equal keys."""

    merken: tuple[str, ...]
    los: Mapping[str, object]

    @property
    def sleutel(self) -> tuple[object, ...]:
        return (self.merken, *(tuple(w) if isinstance(w, list) else w for w in self.los.values()))


@dataclass(frozen=True, slots=True)
class Bereik:
    """The rules that may always apply to one category, and those that only may with a certain mark."""

    altijd: frozenset[str]
    bij_merk: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Snede:
    """Some of the rules as a Cedar handle, and the attributes these read beside the marks."""

    polissen: cedarpy.PolicySet
    los: tuple[str, ...]


class Deel:
    """Rules of one track for one action. Safe to share between threads.

    Every rule is put to Cedar as a permit, so that it names all that apply in one evaluation; a forbid that applies
    refuses, and without a permit there is none: Cedar's own way of combining, written out because Cedar, refusing by
    a forbid, does not say whether anything permitted it, and an outsider must look like any outsider.
    """

    def __init__(
        self, regels: Iterable[Regel], gewoonlijk: Mapping[str, object], gegevens: Mapping[str, Gegeven]
    ) -> None:
        self.regels = {regel.id: regel for regel in regels}
        ests = {naam: json.loads(regel.est) for naam, regel in self.regels.items()}
        self._hoe = inpakking(ests.values(), {**gewoonlijk, **GEWOON})
        self._ests = {naam: _alleen_voorwaarden(ingepakt(est, self._hoe)) for naam, est in ests.items()}
        self._gegevens = gegevens
        self._aanleiding = {naam: aanleiding(est) for naam, est in self._ests.items()}
        self._bereik: dict[str, Bereik] = {}
        self._sneden: dict[frozenset[str], Snede] = {}

    def klaar(self, feiten: Mapping[str, object]) -> Klaar:
        """The facts these rules use. Raises FeitOntbreekt."""
        context = self._hoe.context(feiten)
        merken: list[str] = context.pop(MERKEN)  # type: ignore[assignment]
        return Klaar(tuple(merken), context)

    def uitkomst(
        self, zetel: str, handeling: str, gegeven: str, klaar: Klaar, entiteiten: cedarpy.Entities
    ) -> Uitkomst:
        """Ask Cedar. `zetel`: seat type; `gegeven`: `<spoor>:<categorie>`."""
        snede = self._snede(gegeven, klaar.merken)
        if snede is None:
            return Uitkomst(toegestaan=False, fout=False, regels=(), binnen=False)
        vraag = {
            "principal": {"type": "Zetel", "id": zetel},
            "action": {"type": "Action", "id": handeling},
            "resource": {"type": "Gegeven", "id": gegeven},
            "context": json.dumps({MERKEN: klaar.merken, **{naam: klaar.los[naam] for naam in snede.los}}),
        }
        try:
            antwoord = cedarpy.is_authorized_batch([vraag], snede.polissen, entiteiten)[0]
        except ValueError:
            return Uitkomst(toegestaan=False, fout=True, regels=(), binnen=False)
        gelden = sorted(antwoord.diagnostics.reasons)
        staan_toe = tuple(naam for naam in gelden if self.regels[naam].toestaan)
        verbieden = tuple(naam for naam in gelden if not self.regels[naam].toestaan)
        fout = bool(antwoord.diagnostics.errors)
        toegestaan = bool(staan_toe) and not verbieden
        return Uitkomst(
            toegestaan=toegestaan and not fout,
            fout=fout,
            regels=staan_toe if toegestaan else verbieden,
            binnen=bool(staan_toe),
        )

    def bereik(self, gegeven: str) -> Bereik:
        """Which rules may apply to a category; worked out at the first question about it."""
        gevonden = self._bereik.get(gegeven)
        if gevonden is None:
            gevonden = self._bereik[gegeven] = self._van(self._gegevens[gegeven])
        return gevonden

    def _van(self, gegeven: Gegeven) -> Bereik:
        altijd: set[str] = set()
        bij_merk: dict[str, set[str]] = {}
        for naam, merken in self._aanleiding.items():
            hier = merken if merken is not None else aanleiding(self._ests[naam], gegeven)
            if hier is None:
                altijd.add(naam)
            for merk in hier or ():
                bij_merk.setdefault(merk, set()).add(naam)
        return Bereik(frozenset(altijd), {merk: frozenset(namen) for merk, namen in bij_merk.items()})

    def _snede(self, gegeven: str, merken: tuple[str, ...]) -> Snede | None:
        """None where no rule can apply."""
        bereik = self.bereik(gegeven)
        kunnen = bereik.altijd.union(*(bereik.bij_merk.get(merk, ()) for merk in merken))
        if not kunnen:
            return None
        snede = self._sneden.get(kunnen)
        if snede is None:
            if len(self._sneden) >= MEESTE_SNEDEN:
                self._sneden.clear()
            snede = self._sneden[kunnen] = self._gesneden(kunnen)
        return snede

    def _gesneden(self, namen: frozenset[str]) -> Snede:
        statisch = {naam: self._ests[naam] for naam in sorted(namen)}
        tekst = json.dumps({"staticPolicies": statisch, "templates": {}, "templateLinks": []})
        los = self._hoe.los & frozenset().union(*(self.regels[naam].context for naam in namen))
        return Snede(cedarpy.PolicySet.from_json_str(tekst), tuple(sorted(los)))


def _alleen_voorwaarden(est: dict[str, Any]) -> dict[str, Any]:
    """A rule as a permit without its annotations, which Cedar would carry along in every answer."""
    return {**est, "effect": "permit", "annotations": {}}
