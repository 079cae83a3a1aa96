"""Facts packed close for Cedar: it reads one short set of marks instead of forty attributes.

A rule is written as `context.casus_lid` or `context.stand == "deelnemer"`. Reading an attribute costs Cedar more than
testing it, and most facts of a question are what they usually are. So each such test is rewritten, when a bundle
loads, to a test of one set: `context.merken.contains("stand=deelnemer")`. A fact that usually holds is marked when it
does not: `!context.merken.contains("screening!geldig")`. Cedar still decides; a test holds that both answer alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MERKEN = "merken"
_MERKEN: dict[str, Any] = {".": {"left": {"Var": "context"}, "attr": MERKEN}}
_BEVAT = ("contains", "containsAll", "containsAny")
Waarde = str | int | bool


class FeitOntbreekt(KeyError):
    """A rule asks for a fact that was not worked out, or that is of another kind: the question is refused."""


@dataclass(frozen=True, slots=True)
class Inpakking:
    """Which facts are packed for a set of rules. `los`: attributes that stay as they are.

    `enkel`: yes-no facts, texts and numbers with the values that some rule names; `lijsten`: sets of texts likewise,
    None where a rule asks whether the set is empty. `gewoon`: what a single fact usually is.
    """

    enkel: Mapping[str, frozenset[Waarde]]
    lijsten: Mapping[str, frozenset[str | None]]
    los: frozenset[str]
    gewoon: Mapping[str, Waarde]

    def context(self, feiten: Mapping[str, object]) -> dict[str, object]:
        """The context of one question. Raises FeitOntbreekt."""
        merken: list[str] = []
        try:
            for naam, waarden in self.enkel.items():
                waarde = feiten[naam]
                gewoon = self.gewoon[naam]
                if waarde.__class__ is not gewoon.__class__:
                    raise FeitOntbreekt(naam)
                if waarde != gewoon:
                    merken.append(f"{naam}!{gewoon}")
                    if waarde in waarden and not isinstance(waarde, bool):
                        merken.append(f"{naam}={waarde}")
            for naam, genoemd in self.lijsten.items():
                delen = feiten[naam]
                if delen:
                    merken += _merken_van(naam, delen, genoemd)
            gevonden: dict[str, object] = {naam: feiten[naam] for naam in self.los}
        except KeyError as fout:
            raise FeitOntbreekt(*fout.args) from fout
        gevonden[MERKEN] = merken
        return gevonden


def inpakking(ests: Iterable[Mapping[str, Any]], gewoonlijk: Mapping[str, object]) -> Inpakking:
    """How to pack the facts these rules (parsed EST) ask for. `gewoonlijk`: what a fact usually is, where known."""
    vondst = _Vondst()
    for est in ests:
        _zoek([voorwaarde["body"] for voorwaarde in est["conditions"]], vondst)
    gewoon: dict[str, Waarde] = {}
    for naam, waarden in vondst.enkel.items():
        soorten = {waarde.__class__ for waarde in waarden}
        anders = gewoonlijk.get(naam)
        if len(soorten) > 1 or naam in vondst.lijsten:
            vondst.los.add(naam)
        elif isinstance(anders, bool | str | int) and anders.__class__ in soorten:
            gewoon[naam] = anders
        else:
            gewoon[naam] = soorten.pop()()  # False, 0 or "": where nothing is known, nothing is the case
    return Inpakking(
        enkel={naam: frozenset(w) for naam, w in vondst.enkel.items() if naam not in vondst.los},
        lijsten={naam: frozenset(w) for naam, w in vondst.lijsten.items() if naam not in vondst.los},
        los=frozenset(vondst.los),
        gewoon={naam: waarde for naam, waarde in gewoon.items() if naam not in vondst.los},
    )


def ingepakt(est: Mapping[str, Any], hoe: Inpakking) -> dict[str, Any]:
    """The same rule over packed facts."""
    voorwaarden = [{**voorwaarde, "body": _herschrijf(voorwaarde["body"], hoe)} for voorwaarde in est["conditions"]]
    return {**est, "conditions": voorwaarden}


@dataclass(frozen=True, slots=True)
class _Proef:
    """A test that can be packed. `teken`: `is` (one of the values), or how a set is tested. `niet`: turned round."""

    naam: str
    teken: str
    waarden: tuple[Waarde, ...] = ()
    niet: bool = False


@dataclass(slots=True)
class _Vondst:
    enkel: dict[str, set[Waarde]] = field(default_factory=dict)
    lijsten: dict[str, set[str | None]] = field(default_factory=dict)
    los: set[str] = field(default_factory=set)


def _merken_van(naam: str, delen: object, genoemd: frozenset[str | None]) -> list[str]:
    if not isinstance(delen, list):
        raise FeitOntbreekt(naam)
    gevuld = [f"{naam}~"] if None in genoemd else []
    return gevuld + [f"{naam}~{deel}" for deel in delen if deel in genoemd]


def _zoek(knoop: Any, vondst: _Vondst) -> None:
    if isinstance(knoop, list):
        for kind in knoop:
            _zoek(kind, vondst)
        return
    if (proef := _proef(knoop)) is not None:
        if proef.teken == "is":
            vondst.enkel.setdefault(proef.naam, set()).update(proef.waarden)
        else:
            namen: Iterable[Any] = proef.waarden or (None,)
            vondst.lijsten.setdefault(proef.naam, set()).update(namen)
        return
    for teken, deel in knoop.items():
        if teken in ("&&", "||", "!", "if-then-else"):
            _zoek(list(deel.values()), vondst)
        else:
            vondst.los.update(_namen(deel))


def _proef(knoop: Mapping[str, Any]) -> _Proef | None:
    if (naam := _feit(knoop)) is not None:
        return _Proef(naam, "is", (True,))
    teken, deel = next(iter(knoop.items()))
    if teken in ("==", "!=") and (naam := _feit(deel["left"])) is not None:
        waarden = _waarden([deel["right"]])
        return _Proef(naam, "is", waarden, teken == "!=") if waarden else None
    if teken == "isEmpty" and (naam := _feit(deel["arg"])) is not None:
        return _Proef(naam, teken)
    if teken not in _BEVAT:
        return None
    if (naam := _feit(deel["left"])) is not None:
        waarden = _waarden([deel["right"]] if teken == "contains" else deel["right"].get("Set"))
        return _Proef(naam, teken, waarden) if waarden else None
    if teken == "contains" and (naam := _feit(deel["right"])) is not None:
        waarden = _waarden(deel["left"].get("Set"))
        return _Proef(naam, "is", waarden) if waarden else None
    return None


def _herschrijf(knoop: Any, hoe: Inpakking) -> Any:
    if isinstance(knoop, list):
        return [_herschrijf(kind, hoe) for kind in knoop]
    if not isinstance(knoop, dict):
        return knoop
    proef = _proef(knoop)
    if proef is None or proef.naam in hoe.los:
        return {teken: _herschrijf(deel, hoe) for teken, deel in knoop.items()}
    if proef.teken == "is":
        gelijk = _is_een_van(proef.naam, proef.waarden, hoe.gewoon[proef.naam])
        return _niet(gelijk) if proef.niet else gelijk
    if proef.teken == "isEmpty":
        return _niet(_heeft(f"{proef.naam}~"))
    merken = [f"{proef.naam}~{waarde}" for waarde in proef.waarden]
    return _heeft(merken[0]) if len(merken) == 1 else _heeft_van(proef.teken, merken)


def _is_een_van(naam: str, waarden: tuple[Waarde, ...], gewoon: Waarde) -> dict[str, Any]:
    if isinstance(gewoon, bool):
        anders_dan = _heeft(f"{naam}!{gewoon}")
        return _niet(anders_dan) if gewoon in waarden else anders_dan
    merken = [f"{naam}={waarde}" for waarde in waarden if waarde != gewoon]
    anders = _heeft_van("containsAny", merken) if len(merken) > 1 else _heeft(merken[0]) if merken else None
    if gewoon not in waarden:
        return anders or {"Value": False}
    gewoonlijk = _niet(_heeft(f"{naam}!{gewoon}"))
    return gewoonlijk if anders is None else {"||": {"left": gewoonlijk, "right": anders}}


def _niet(deel: dict[str, Any]) -> dict[str, Any]:
    return {"!": {"arg": deel}}


def _heeft(merk: str) -> dict[str, Any]:
    return {"contains": {"left": _MERKEN, "right": {"Value": merk}}}


def _heeft_van(teken: str, merken: list[str]) -> dict[str, Any]:
    return {teken: {"left": _MERKEN, "right": {"Set": [{"Value": merk} for merk in merken]}}}


def _feit(knoop: Mapping[str, Any]) -> str | None:
    punt = knoop.get(".")
    if isinstance(punt, dict) and punt.get("left") == {"Var": "context"}:
        return str(punt["attr"])
    return None


def _namen(knoop: object) -> Iterable[str]:
    if isinstance(knoop, list):
        for kind in knoop:
            yield from _namen(kind)
    elif isinstance(knoop, dict):
        if (naam := _feit(knoop)) is not None:
            yield naam
        for kind in knoop.values():
            yield from _namen(kind)


def _waarden(knopen: object) -> tuple[Waarde, ...]:
    """The literals of a set; empty where something else is in it, and then it stays as it is."""
    if not isinstance(knopen, list):
        return ()
    waarden = [knoop.get("Value") if isinstance(knoop, dict) else None for knoop in knopen]
    return tuple(w for w in waarden if isinstance(w, str | int)) if None not in waarden else ()
