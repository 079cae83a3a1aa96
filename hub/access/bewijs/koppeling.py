"""What is certain about the facts: how they hang together with who asks and with each other.

A fact is free unless a link here binds it; each link says less than the fact layer does, and a test holds every link
against the fact layer for random questions. A link too few costs a proof, a link too many costs its truth.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import z3

from hub.access.bewijs.wereld import Lijst, Tekst, Wereld
from hub.access.bundel import Grond
from hub.access.feiten import TOESTEMMING
from hub.access.gronden import BEELD
from hub.access.invoer import FASEN
from hub.access.zetel import STANDEN, hoort_bij


@dataclass(frozen=True, slots=True)
class Koppeling:
    """One certainty: an id, the sentence that states it, and what it says of one track."""

    id: str
    zin: str
    formules: Callable[[Wereld], Iterator[z3.BoolRef]]

    def formule(self, wereld: Wereld) -> z3.BoolRef:
        """All it says of one track."""
        return z3.And(*self.formules(wereld))


def _zetel(w: Wereld) -> Iterator[z3.BoolRef]:
    for naam in w.bundel.zetels:
        yield w.is_entiteit(w.principal, (naam,)) == w.is_woord(w.woord("zetel"), (naam,))


def _bron(w: Wereld) -> Iterator[z3.BoolRef]:
    zetels = w.bundel.zetels.values()
    yield w.is_woord(w.woord("bron"), w.bundel.zetels)
    yield w.ja("bron_zorg") == w.is_woord(w.woord("bron"), (z.id for z in zetels if z.zorg))
    yield w.ja("bron_opsporing") == w.is_woord(w.woord("bron"), (z.id for z in zetels if z.opsporing))


def _eigen(w: Wereld) -> Iterator[z3.BoolRef]:
    yield z3.Implies(w.ja("eigen"), w.woord("zetel").code == w.woord("bron").code)


def _invoer(w: Wereld) -> Iterator[z3.BoolRef]:
    lijst = w.bundel.woordenlijst
    yield w.is_woord(w.woord("doel"), lijst["doelen"])
    yield w.is_woord(w.woord("betrokkene_rol"), lijst["betrokkene_rollen"])
    fase = w.feit("fase")
    yield z3.Or(*(fase == nummer for nummer in FASEN))
    yield _binnen(w, w.lijst("bijzonder"), lijst["bijzonder"])
    yield _binnen(w, w.lijst("kenmerken"), lijst["kenmerken"])
    for naam, omstandigheid in w.bundel.omstandigheden.items():
        feit = w.feiten.get(naam)
        if "waarden" in omstandigheid and isinstance(feit, Tekst):
            yield w.is_woord(feit, omstandigheid["waarden"])


def _wet(w: Wereld) -> Iterator[z3.BoolRef]:
    if w.bundel.sporen[w.spoor].wet_vanaf is None:
        yield z3.Not(w.ja("wet"))


def _zonder_convenant(w: Wereld) -> Iterator[z3.BoolRef]:
    for naam in (
        "doel_in_convenant", "herkomst_vereist", "toets_vooraf_vereist", "mededeling_in_convenant",
        "schriftelijke_partij", "hele_tafel",
    ):  # fmt: skip
        yield z3.Implies(w.ja("wet"), z3.Not(w.ja(naam)))
    for naam in ("betrokkene_in_convenant", "tafel_genoemd"):
        yield z3.Implies(w.ja("wet"), w.ja(naam))


def _doel_in_convenant(w: Wereld) -> Iterator[z3.BoolRef]:
    doelen = {doel for c in w.bundel.convenanten if c.spoor == w.spoor for doel in c.doelen}
    yield z3.Implies(w.ja("doel_in_convenant"), w.is_woord(w.woord("doel"), doelen))


def _mededeling(w: Wereld) -> Iterator[z3.BoolRef]:
    doel, genoemd = w.woord("doel"), w.ja("mededeling_in_convenant")
    mededelingen = [m for c in w.bundel.convenanten if c.spoor == w.spoor for m in c.mededelingen]
    mogelijk = [
        z3.And(
            w.is_entiteit(w.principal, m.door),
            w.is_entiteit(w.resource, (f"{w.spoor}:{naam}" for naam in m.categorieen)),
            w.is_woord(doel, m.doelen),
        )
        for m in mededelingen
    ]
    yield z3.Implies(genoemd, z3.Or(*mogelijk))
    erbij = [
        z3.And(w.is_entiteit(w.action, (handeling,)), w.is_woord(doel, doelen))
        for handeling, doelen in w.bundel.sporen[w.spoor].doelen_bij.items()
    ]
    yield w.ja("doel_bij_handeling") == z3.Or(genoemd, *erbij)


def _stand(w: Wereld) -> Iterator[z3.BoolRef]:
    wie = w.bundel.sporen[w.spoor].wie
    regios = (None, *w.bundel.woordenlijst["regios"])
    inbrengers = {naam for c in w.bundel.convenanten if c.spoor == w.spoor for naam in c.inbrengers}
    yield w.is_woord(w.woord("stand"), STANDEN)
    for zetel in w.bundel.zetels.values():
        is_deze = w.is_entiteit(w.principal, (zetel.id,))
        tabel = {zetel.stand(w.spoor, regio) for regio in regios}
        vast = {zetel.stand(w.spoor, None)} if wie == "partijen-of-wet" else tabel
        los = tabel | {"deelnemer", "geen"} | ({"bron"} if zetel.id in inbrengers else set())
        zeker = z3.BoolVal(wie == "stand" or (wie == "partijen-of-wet" and zetel.namens_deelnemers))
        yield z3.Implies(
            is_deze,
            z3.If(
                z3.Or(w.ja("wet"), zeker),
                w.is_woord(w.woord("stand"), vast),
                w.is_woord(w.woord("stand"), los),
            ),
        )


def _ontvanger(w: Wereld) -> Iterator[z3.BoolRef]:
    onbekend = w.is_woord(w.woord("ontvanger_stand"), ("onbekend",))
    yield w.is_woord(w.woord("ontvanger_stand"), (*STANDEN, "onbekend"))
    yield z3.Implies(onbekend, z3.Not(w.ja("ontvanger_opsporing")))
    yield z3.Implies(onbekend, _binnen(w, w.lijst("gronden"), ()))


def _gronden(w: Wereld) -> Iterator[z3.BoolRef]:
    gronden = w.lijst("gronden")
    if w.spoor != "bilateraal":
        yield _binnen(w, gronden, ())
        return
    yield _binnen(w, gronden, (grond.id for grond in w.bundel.gronden))
    for grond in w.bundel.gronden:
        bekend = gronden.leden[w.nummer(grond.id)]
        van = [z for z in w.bundel.zetels if grond.van is None or hoort_bij(z, grond.van)]
        yield z3.Implies(bekend, w.is_entiteit(w.principal, (z for z in van if not hoort_bij(z, grond.behalve))))
        yield from _waarvoor(w, grond, bekend, ())


def _leesgronden(w: Wereld) -> Iterator[z3.BoolRef]:
    gronden = w.lijst("leesgronden")
    if w.spoor != "bilateraal":
        yield _binnen(w, gronden, ())
        return
    yield _binnen(w, gronden, (grond.id for grond in w.bundel.gronden))
    for grond in w.bundel.gronden:
        bekend = gronden.leden[w.nummer(grond.id)]
        naar = [z for z in w.bundel.zetels if grond.naar is None or hoort_bij(z, grond.naar)]
        yield z3.Implies(bekend, w.is_entiteit(w.principal, naar))
        yield from _waarvoor(w, grond, bekend, (BEELD,))


def _waarvoor(w: Wereld, grond: Grond, bekend: z3.BoolRef, erbij: Iterable[str]) -> Iterator[z3.BoolRef]:
    """What for, about what and about whom a ground is; `erbij`: categories that count too."""
    yield z3.Implies(bekend, w.is_woord(w.woord("doel"), grond.doelen))
    if grond.categorieen is not None:
        genoemd = (*grond.categorieen, *erbij)
        yield z3.Implies(bekend, w.is_entiteit(w.resource, (f"{w.spoor}:{c}" for c in genoemd)))
    if grond.betrokkenen is not None:
        yield z3.Implies(bekend, w.is_woord(w.woord("betrokkene_rol"), grond.betrokkenen))


def _termijn(w: Wereld) -> Iterator[z3.BoolRef]:
    if w.bundel.sporen[w.spoor].bewaartermijn_jaren is None:
        yield z3.Not(w.ja("termijn_verstreken"))


def _toestemming(w: Wereld) -> Iterator[z3.BoolRef]:
    yield z3.Implies(w.ja("toestemming_geldig"), w.is_woord(w.woord("toestemming"), TOESTEMMING))


def _binnen(w: Wereld, lijst: Lijst, woorden: Iterable[str]) -> z3.BoolRef:
    """That a set that is a fact holds only some words."""
    mag = w.bits(woorden)
    return lijst.bits & ~mag == 0


KOPPELINGEN = (
    Koppeling(
        "zetel",
        "Het feit zetel is de zetel die vraagt.",
        _zetel,
    ),
    Koppeling(
        "bron",
        "De bron is een bekende zetel; of zij zorg of opsporing is, zegt de tabel.",
        _bron,
    ),
    Koppeling(
        "eigen",
        "Eigen gegevens komen van de soort zetel die vraagt.",
        _eigen,
    ),
    Koppeling(
        "wet",
        "In een spoor zonder wet met een begindatum geldt er geen.",
        _wet,
    ),
    Koppeling(
        "zonder-convenant",
        "Waar de wet geldt, telt geen convenant.",
        _zonder_convenant,
    ),
    Koppeling(
        "doel-in-convenant",
        "Een doel uit een convenant staat in een convenant van dit spoor.",
        _doel_in_convenant,
    ),
    Koppeling(
        "mededeling",
        "Wat een convenant laat mededelen en welk doel bij een handeling hoort, zegt de tabel.",
        _mededeling,
    ),
    Koppeling(
        "stand",
        "Onder de wet volgt de stand de tabel; daarvoor kan iedere ondertekenaar deelnemer zijn.",
        _stand,
    ),
    Koppeling(
        "ontvanger",
        "Zonder genoemde ontvanger is er geen ontvangende opsporing en geen grond.",
        _ontvanger,
    ),
    Koppeling(
        "gronden",
        "Een bilaterale grond is in beeld bij wie, waarvoor en waarover de tabel hem noemt.",
        _gronden,
    ),
    Koppeling(
        "leesgronden",
        "Een bilaterale grond om te lezen is in beeld bij wie, waarvoor en waarover de tabel hem noemt.",
        _leesgronden,
    ),
    Koppeling(
        "termijn",
        "In een spoor zonder bewaartermijn verstrijkt er geen.",
        _termijn,
    ),
    Koppeling(
        "toestemming",
        "Geldige toestemming is gegeven en niet ingetrokken.",
        _toestemming,
    ),
    # Last: it speaks about every fact that anything above it uses.
    Koppeling(
        "invoer",
        "Een woord dat het beleid niet kent, is geweigerd voordat een regel wordt gevraagd.",
        _invoer,
    ),
)
