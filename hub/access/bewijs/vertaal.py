"""A Cedar rule as a formula. Exactly the operators below are understood; anything else raises NietVertaalbaar.

Every fact a rule reads is supplied by the fact layer and every attribute by the tables, so no rule ends in an
evaluation error; a rule that reads another name is not translated.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import z3

from hub.access.bewijs.wereld import Entiteit, Lijst, NietVertaalbaar, Tekst, Waarde, Wereld
from hub.access.regel import Regel

Knoop = Mapping[str, Any]
VERGELIJK: Mapping[str, Callable[[Any, Any], z3.BoolRef]] = {
    "<": lambda links, rechts: links < rechts,
    "<=": lambda links, rechts: links <= rechts,
    ">": lambda links, rechts: links > rechts,
    ">=": lambda links, rechts: links >= rechts,
}


def vertaal_regel(wereld: Wereld, regel: Regel) -> z3.BoolRef:
    """That a rule applies to the question: its scope and all its conditions."""
    est: dict[str, Any] = json.loads(regel.est)
    delen = [
        _bereik(wereld, wereld.principal, est["principal"]),
        _bereik(wereld, wereld.action, est["action"]),
        _bereik(wereld, wereld.resource, est["resource"]),
    ]
    for voorwaarde in est["conditions"]:
        geldt = vertaal_voorwaarde(wereld, voorwaarde["body"])
        delen.append(geldt if voorwaarde["kind"] == "when" else z3.Not(geldt))
    return z3.And(*delen)


def vertaal_voorwaarde(wereld: Wereld, knoop: Knoop) -> z3.BoolRef:
    """One condition. Raises NietVertaalbaar."""
    return _ja(_waarde(wereld, knoop))


def gezochte_beginnen(est: str) -> Iterator[str]:
    """The beginnings of text that the conditions of a rule look for with `like`."""
    yield from _beginnen(json.loads(est)["conditions"])


def _bereik(wereld: Wereld, entiteit: Entiteit, bereik: Knoop) -> z3.BoolRef:
    match bereik:
        case {"op": "All"}:
            return z3.BoolVal(True)
        case {"op": "==" | "in", "entity": een}:
            return _is_een(wereld, entiteit, [een])
        case {"op": "in", "entities": namen}:
            return _is_een(wereld, entiteit, namen)
        case {"op": "is", "entity_type": soort, **rest} if "in" not in rest:
            return z3.BoolVal(soort == entiteit.soort)
    raise NietVertaalbaar(f"bereik {bereik['op']!r}")


def _is_een(wereld: Wereld, entiteit: Entiteit, namen: list[Knoop]) -> z3.BoolRef:
    return wereld.is_entiteit(entiteit, [een["id"] for een in namen if een["type"] == entiteit.soort])


def _waarde(wereld: Wereld, knoop: Knoop) -> Any:
    """The value of an expression: a formula, number, text, set, entity, or for `context` and records a mapping."""
    ((soort, deel),) = knoop.items()
    match soort:
        case "Value":
            return _letterlijk(wereld, deel)
        case "Var":
            return _variabele(wereld, deel)
        case "." | "has":
            return _eigenschap(wereld, soort, _waarde(wereld, deel["left"]), deel["attr"])
        case "Set":
            return [_waarde(wereld, een) for een in deel]
        case "Record":
            return {naam: _waarde(wereld, een) for naam, een in deel.items()}
        case "!":
            return z3.Not(_ja(_waarde(wereld, deel["arg"])))
        case "isEmpty":
            return z3.Not(z3.Or(*_verzameling(wereld, _waarde(wereld, deel["arg"])).leden.values()))
        case "if-then-else":
            als, dan, anders = (_ja(_waarde(wereld, deel[naam])) for naam in ("if", "then", "else"))
            return z3.If(als, dan, anders)
        case "like":
            return _lijkt(wereld, _waarde(wereld, deel["left"]), deel["pattern"])
    if soort not in _TWEE:
        raise NietVertaalbaar(f"bewerking {soort!r}")
    return _TWEE[soort](wereld, _waarde(wereld, deel["left"]), _waarde(wereld, deel["right"]))


def _letterlijk(wereld: Wereld, waarde: object) -> Any:
    match waarde:
        case bool():
            return z3.BoolVal(waarde)
        case int():
            return z3.IntVal(waarde)
        case str():
            return wereld.tekst(waarde)
        case {"__entity": {"type": soort, "id": naam}}:
            return (soort, naam)
    raise NietVertaalbaar(f"waarde {waarde!r}")


def _variabele(wereld: Wereld, naam: str) -> Any:
    return wereld.feit if naam == "context" else getattr(wereld, naam)


def _eigenschap(wereld: Wereld, soort: str, houder: Any, naam: str) -> Waarde:
    if soort == "has":
        # The fact layer supplies every fact and the tables every attribute: asking for it is enough to know.
        try:
            _eigenschap(wereld, ".", houder, naam)
        except NietVertaalbaar:
            return z3.BoolVal(False)
        return z3.BoolVal(True)
    if isinstance(houder, dict):
        if naam not in houder:
            raise NietVertaalbaar(f"eigenschap {naam!r} van een record")
        gevonden: Waarde = houder[naam]
        return gevonden
    if isinstance(houder, Entiteit):
        return wereld.eigenschap(houder, naam)
    if callable(houder):
        feit: Waarde = houder(naam)
        return feit
    raise NietVertaalbaar(f"eigenschap {naam!r} van iets zonder eigenschappen")


def _ja(waarde: Any) -> z3.BoolRef:
    if not isinstance(waarde, z3.BoolRef):
        raise NietVertaalbaar("een voorwaarde is geen ja of nee")
    return waarde


def _gelijk(wereld: Wereld, links: Any, rechts: Any) -> z3.BoolRef:
    match links, rechts:
        case Tekst(), Tekst():
            if links.open and rechts.open:
                raise NietVertaalbaar("twee vrije teksten worden met elkaar vergeleken")
            return links.code == rechts.code
        case Entiteit(), (soort, naam):
            return _is_een(wereld, links, [{"type": soort, "id": naam}])
        case (_, _), Entiteit():
            return _gelijk(wereld, rechts, links)
        case Entiteit(), Entiteit() if links.soort == rechts.soort:
            return links.code == rechts.code
        case z3.BoolRef(), z3.BoolRef():
            return links == rechts
        case z3.ArithRef(), z3.ArithRef():
            return links == rechts
    raise NietVertaalbaar("twee ongelijksoortige waarden worden vergeleken")


def _behoort(wereld: Wereld, links: Any, rechts: Any) -> z3.BoolRef:
    """Cedar's `in`: seats, actions and categories have no parents here, so it is being one of."""
    return z3.Or(*(_gelijk(wereld, links, een) for een in (rechts if isinstance(rechts, list) else [rechts])))


def _vergelijk(soort: str) -> Callable[[Wereld, Any, Any], z3.BoolRef]:
    def uitkomst(wereld: Wereld, links: Any, rechts: Any) -> z3.BoolRef:
        if not (isinstance(links, z3.ArithRef) and isinstance(rechts, z3.ArithRef)):
            raise NietVertaalbaar(f"{soort} tussen waarden die geen getal zijn")
        return VERGELIJK[soort](links, rechts)

    return uitkomst


def _bevat(wereld: Wereld, links: Any, rechts: Any) -> z3.BoolRef:
    if isinstance(links, list) and isinstance(rechts, Entiteit | tuple):
        return _behoort(wereld, rechts, links)
    verzameling = _verzameling(wereld, links)
    if not isinstance(rechts, Tekst) or (verzameling.open and rechts.open):
        raise NietVertaalbaar("contains zonder bekend woord")
    return z3.Or(*(z3.And(rechts.code == nummer, lid) for nummer, lid in verzameling.leden.items()))


def _bevat_alle(wereld: Wereld, links: Any, rechts: Any) -> z3.BoolRef:
    eerste, tweede = _twee_verzamelingen(wereld, links, rechts)
    nee = z3.BoolVal(False)
    return z3.And(*(z3.Implies(lid, eerste.leden.get(nummer, nee)) for nummer, lid in tweede.leden.items()))


def _bevat_een(wereld: Wereld, links: Any, rechts: Any) -> z3.BoolRef:
    eerste, tweede = _twee_verzamelingen(wereld, links, rechts)
    return z3.Or(*(z3.And(lid, tweede.leden[n]) for n, lid in eerste.leden.items() if n in tweede.leden))


def _twee_verzamelingen(wereld: Wereld, links: Any, rechts: Any) -> tuple[Lijst, Lijst]:
    eerste, tweede = _verzameling(wereld, links), _verzameling(wereld, rechts)
    if eerste.open and tweede.open:
        raise NietVertaalbaar("twee vrije verzamelingen worden met elkaar vergeleken")
    return eerste, tweede


def _verzameling(wereld: Wereld, waarde: Any) -> Lijst:
    if isinstance(waarde, Lijst):
        return waarde
    if not isinstance(waarde, list) or not all(isinstance(een, Tekst) for een in waarde):
        raise NietVertaalbaar("een verzameling van iets anders dan teksten")
    leden = {een.vast: z3.BoolVal(True) for een in waarde if een.vast is not None}
    los = [een for een in waarde if een.vast is None]
    if los:
        ook = {n: z3.Or(*(een.code == n for een in los)) for n in range(len(wereld.woorden)) if n not in leden}
        return Lijst(leden | ook, open=any(een.open for een in waarde))
    return Lijst(leden, open=any(een.open for een in waarde))


def _lijkt(wereld: Wereld, links: Any, patroon: list[Any]) -> z3.BoolRef:
    begin = _begin(patroon)
    if begin is None or not isinstance(links, Tekst):
        raise NietVertaalbaar("like anders dan met een vast begin")
    return wereld.begint_met(links, begin)


def _begin(patroon: list[Any]) -> str | None:
    *letters, einde = patroon
    if einde != "Wildcard" or "Wildcard" in letters:
        return None
    return "".join(letter["Literal"] for letter in letters)


def _beginnen(knoop: object) -> Iterator[str]:
    if isinstance(knoop, dict):
        if "pattern" in knoop and (begin := _begin(knoop["pattern"])) is not None:
            yield begin
        for kind in knoop.values():
            yield from _beginnen(kind)
    elif isinstance(knoop, list):
        for kind in knoop:
            yield from _beginnen(kind)


_TWEE: Mapping[str, Callable[[Wereld, Any, Any], z3.BoolRef]] = {
    "&&": lambda wereld, links, rechts: z3.And(_ja(links), _ja(rechts)),
    "||": lambda wereld, links, rechts: z3.Or(_ja(links), _ja(rechts)),
    "==": _gelijk,
    "!=": lambda wereld, links, rechts: z3.Not(_gelijk(wereld, links, rechts)),
    "in": _behoort,
    "contains": _bevat,
    "containsAll": _bevat_alle,
    "containsAny": _bevat_een,
    **{soort: _vergelijk(soort) for soort in VERGELIJK},
}
