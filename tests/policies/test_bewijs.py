"""The never-rules proven for every request, and the proof itself held against Cedar and the fact layer."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import cedarpy
import pytest
import yaml
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.access.beleid import Beleid
from hub.access.bewijs.bewijs import Spoorbewijs, Tegenvoorbeeld, regels_van
from hub.access.bewijs.koppeling import KOPPELINGEN
from hub.access.bewijs.nooit import Nooit, keur_nooit, lees_bestand, lees_nooit
from hub.access.bewijs.vertaal import vertaal_regel
from hub.access.bewijs.wereld import BREEDTE, Lijst, NietVertaalbaar, Tekst, Wereld
from hub.access.bundel import BELEIDSMAP, BeleidOngeldig, laad_bundel
from hub.access.deel import Deel
from hub.access.feiten import feiten
from hub.access.gevallen import Geval
from hub.access.invoer import onbekends, vul_aan
from hub.access.permit import Permit
from hub.access.regel import Regel, lees_regels, polisset
from hub.access.verzoek import Verzoek

BUNDEL = laad_bundel()
RUW = lees_bestand(BELEIDSMAP)
NOOIT = lees_nooit(BELEIDSMAP)
SPOREN = [spoor for spoor in BUNDEL.sporen if any(regel.toestaan for regel in regels_van(BUNDEL, spoor))]
# Texts as they come from outside: some that rules look for, some that nobody ever named.
VREEMD = ("", "geen", "awr-67-2-a", "awr-67-", "politie.avim@oost-nederland", "iets heel anders")


@cache
def spoorbewijs(spoor: str) -> Spoorbewijs:
    return Spoorbewijs(BUNDEL, spoor, NOOIT)


def gevraagd(een: Nooit) -> list[str]:
    return [spoor for spoor in SPOREN if not een.sporen or spoor in een.sporen]


def vraag_van(gevonden: Tegenvoorbeeld) -> dict[str, object]:
    return {
        "principal": {"type": "Zetel", "id": gevonden.zetel},
        "action": {"type": "Action", "id": gevonden.handeling},
        "resource": {"type": "Gegeven", "id": f"{gevonden.spoor}:{gevonden.categorie}"},
    }


def staat_toe(regels: Iterable[Regel], gevonden: Tegenvoorbeeld) -> bool:
    """The answer of the engine that the policy asks in the hub."""
    deel = _deel(gevonden.spoor, tuple(regel for regel in regels if regel.over(gevonden.handeling)))
    gegeven = f"{gevonden.spoor}:{gevonden.categorie}"
    feiten = deel.klaar(gevonden.feiten)
    uitkomst = deel.uitkomst(gevonden.zetel, gevonden.handeling, gegeven, feiten, BUNDEL.entiteiten)
    assert not uitkomst.fout
    return uitkomst.toegestaan


@cache
def _deel(spoor: str, regels: tuple[Regel, ...]) -> Deel:
    return Deel(regels, BUNDEL.standaarden, BUNDEL.gegevens(spoor))


def van_toepassing(regels: Iterable[Regel], gevonden: Tegenvoorbeeld) -> set[str]:
    """Which rules apply according to Cedar: permits and prohibitions apart, or the ones would hide the others."""
    vraag = vraag_van(gevonden) | {"context": json.dumps(gevonden.feiten)}
    namen: set[str] = set()
    for toestaan in (True, False):
        polissen = _polisset(tuple(regel for regel in regels if regel.toestaan == toestaan))
        antwoord = cedarpy.is_authorized_batch([vraag], polissen, BUNDEL.entiteiten)[0]
        assert antwoord.diagnostics.errors == []
        namen |= set(antwoord.diagnostics.reasons)
    return namen


@cache
def _polisset(regels: tuple[Regel, ...]) -> cedarpy.PolicySet:
    return polisset(regels)


@pytest.mark.parametrize("een", NOOIT, ids=lambda een: een.id)
def test_no_request_at_all_is_permitted_that_must_never_be(een: Nooit) -> None:
    gebroken = [
        str(gevonden) for spoor in gevraagd(een) if (gevonden := spoorbewijs(spoor).uitkomst(een).tegenvoorbeeld)
    ]
    assert gebroken == []


@pytest.mark.parametrize("een", NOOIT, ids=lambda een: een.id)
def test_every_never_rule_breaks_when_what_it_rests_on_goes(een: Nooit) -> None:
    """Without some prohibition, or with a permit that allows all, the solver finds a request that Cedar permits."""
    gezien = 0
    for spoor in gevraagd(een):
        aan = spoorbewijs(spoor)
        bewezen = aan.uitkomst(een)
        steun = [naam for naam in bewezen.steunt_op if naam in aan.formules]
        for uit in ([naam] for naam in (*steun, *bewezen.reikt_niet)):
            gevonden = aan.uitkomst(een, uit).tegenvoorbeeld
            if gevonden is None:
                continue
            gezien += 1
            assert staat_toe(_zonder(aan.regels, uit), gevonden), str(gevonden)
            assert not staat_toe(aan.regels, gevonden), str(gevonden)
            assert not staat_toe([_alles(), een.regel], gevonden), str(gevonden)
            break
    assert gezien


def _zonder(regels: Iterable[Regel], uit: list[str]) -> list[Regel]:
    """The rules without some prohibitions, and with some permits that allow everything."""
    over = [regel for regel in regels if regel.id not in uit or regel.toestaan]
    return [replace(_alles(), id=regel.id) if regel.id in uit else regel for regel in over]


def _alles() -> Regel:
    [regel] = lees_regels("proef", '@id("alles") permit (principal, action, resource);')
    return regel


@pytest.mark.parametrize("spoor", SPOREN)
def test_every_rule_can_apply_and_fail_to_apply_where_the_solver_says_so(spoor: str) -> None:
    aan = spoorbewijs(spoor)
    oplosser = z3.Solver()
    oplosser.add(aan.wereld.grenzen())
    for regel in aan.regels:
        for geldt in (True, False):
            oplosser.push()
            oplosser.add(aan.formules[regel.id] if geldt else z3.Not(aan.formules[regel.id]))
            if oplosser.check() == z3.sat:
                gevonden = aan.verzoek(oplosser.model())
                assert (regel.id in van_toepassing([regel], gevonden)) == geldt, regel.id
            oplosser.pop()


@pytest.mark.parametrize("spoor", SPOREN)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_formula_of_every_rule_says_what_cedar_says(spoor: str, seed: int) -> None:
    aan, kans = spoorbewijs(spoor), random.Random(seed)
    wereld = aan.wereld
    vraag = {soort: kans.choice(namen) for soort, namen in wereld.entiteiten.items()}
    context = {naam: _waarde(kans, wereld, feit) for naam, feit in wereld.feiten.items()}
    model = _model(wereld, vraag, context)
    volgens_z3 = {id for id, formule in aan.formules.items() if z3.is_true(model.eval(formule, model_completion=True))}
    gevonden = Tegenvoorbeeld(
        spoor, vraag["Zetel"], vraag["Action"], vraag["Gegeven"].partition(":")[2], context, (), ()
    )
    assert volgens_z3 == van_toepassing(aan.regels, gevonden)
    toegestaan = any(r.toestaan and r.id in volgens_z3 for r in aan.regels)
    verboden = any(not r.toestaan and r.id in volgens_z3 for r in aan.regels)
    assert staat_toe(aan.regels, gevonden) == (toegestaan and not verboden)


def _waarde(kans: random.Random, wereld: Wereld, feit: object) -> object:
    woorden = (*wereld.woorden, *VREEMD)
    if isinstance(feit, z3.BoolRef):
        return kans.random() < 0.5
    if isinstance(feit, z3.ArithRef):
        return kans.choice((-1, 0, 1, 2, 3, 11, 12, 13, 24, 25, 2**31))
    if isinstance(feit, Tekst):
        return kans.choice(woorden)
    return sorted(set(kans.choices(woorden, k=kans.randrange(12))))


def _model(wereld: Wereld, vraag: Mapping[str, str], context: Mapping[str, object]) -> z3.ModelRef:
    model = z3.Model()
    for entiteit in (wereld.principal, wereld.action, wereld.resource):
        nummer = wereld.entiteiten[entiteit.soort].index(vraag[entiteit.soort])
        model.update_value(entiteit.code, z3.BitVecVal(nummer, BREEDTE))
    for naam, waarde in context.items():
        match wereld.feiten[naam]:
            case Tekst(code=code):
                model.update_value(code, z3.BitVecVal(wereld.nummer(str(waarde)), BREEDTE))
            case Lijst(bits=bits):
                model.update_value(bits, z3.BitVecVal(wereld.bits(waarde), len(wereld.woorden)))  # type: ignore[arg-type]
            case feit:
                model.update_value(feit, z3.BoolVal(waarde) if isinstance(waarde, bool) else z3.IntVal(waarde))
    return model


def _omstandigheid(kans: random.Random, soort: Mapping[str, object]) -> object:
    match soort["soort"]:
        case "ja-nee":
            return kans.random() < 0.5
        case "getal":
            return kans.randrange(-1, 40)
        case "keuze" | "drietal":
            return kans.choice(soort["waarden"])  # type: ignore[arg-type]
        case "lijst":
            return tuple(
                kans.sample(("politie", "a", "politie.avim", "geen", "gemeente.college", "x"), kans.randrange(4))
            )
        case "zetel":
            return kans.choice(("", *BUNDEL.zetels))
        case "datum":
            return kans.choice(("", "2015-02-28", "2020-02-29", "2025-06-01"))
        case _:
            tafels = [tafel for c in BUNDEL.convenanten for tafel in c.tafels]
            return kans.choice((*VREEMD, *(c.id for c in BUNDEL.convenanten), *tafels))


def _verzoek(kans: random.Random, spoor: str) -> Verzoek:
    lijst, zetels = {n: sorted(w) for n, w in BUNDEL.woordenlijst.items()}, sorted(BUNDEL.zetels)
    zetel = kans.choice(zetels)
    anders = [naam for naam in BUNDEL.omstandigheden if kans.random() < 0.5]
    return Verzoek(
        zetel=zetel, rol=kans.choice(lijst["rollen"]), handeling=kans.choice(sorted(BUNDEL.handelingen)), spoor=spoor,
        regio=kans.choice(lijst["regios"]), datum=date(2010, 1, 1) + timedelta(days=kans.randrange(6600)),
        categorie=kans.choice(sorted(BUNDEL.categorieen)), bron_zetel=kans.choice((zetel, *zetels)),
        fase=kans.randrange(4), doel=kans.choice(lijst["doelen"]), minderjarig=kans.random() < 0.5,
        betrokkene_rol=kans.choice(lijst["betrokkene_rollen"]),
        bijzonder=frozenset(kans.sample(lijst["bijzonder"], kans.randrange(3))),
        kenmerken=frozenset(kans.sample(lijst["kenmerken"], kans.randrange(3))),
        omstandigheden={naam: _omstandigheid(kans, BUNDEL.omstandigheden[naam]) for naam in anders},
    )  # fmt: skip


@pytest.mark.parametrize("spoor", SPOREN)
@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_every_certainty_holds_for_the_facts_of_any_question(spoor: str, seed: int) -> None:
    verzoek = _verzoek(random.Random(seed), spoor)
    assert onbekends(BUNDEL, verzoek) == ()
    wereld = spoorbewijs(spoor).wereld
    uitgerekend = feiten(BUNDEL, verzoek, vul_aan(BUNDEL, verzoek))
    vraag = {"Zetel": verzoek.zetel, "Action": verzoek.handeling, "Gegeven": f"{spoor}:{verzoek.categorie}"}
    model = _model(wereld, vraag, {naam: uitgerekend[naam] for naam in wereld.feiten})
    onwaar = [
        koppeling.zin
        for koppeling in KOPPELINGEN
        if not z3.is_true(model.eval(_formule(spoor, koppeling.id), model_completion=True))
    ]
    assert onwaar == []


def test_the_formulas_answer_every_decision_case_as_the_policy_does(
    beleid: Beleid, gevallen: Mapping[str, Geval]
) -> None:
    """From the question to the answer: certainties, facts and formulas together, on what jurists wrote down."""
    anders, onwaar = [], []
    for geval in gevallen.values():
        verzoek = geval.verzoek
        if verzoek.spoor not in SPOREN or onbekends(BUNDEL, verzoek):
            continue
        aan = spoorbewijs(verzoek.spoor)
        uitgerekend = feiten(BUNDEL, verzoek, vul_aan(BUNDEL, verzoek))
        vraag = {"Zetel": verzoek.zetelsoort, "Action": verzoek.handeling}
        vraag["Gegeven"] = f"{verzoek.spoor}:{verzoek.categorie}"
        model = _model(aan.wereld, vraag, {naam: uitgerekend[naam] for naam in aan.wereld.feiten})
        toegestaan = z3.is_true(model.eval(_toegestaan(verzoek.spoor), model_completion=True))
        if toegestaan != isinstance(beleid.toets(verzoek), Permit):
            anders.append(geval.id)
        if not all(z3.is_true(model.eval(_formule(verzoek.spoor, k.id), model_completion=True)) for k in KOPPELINGEN):
            onwaar.append(geval.id)
    assert (anders, onwaar) == ([], [])


@cache
def _toegestaan(spoor: str) -> z3.BoolRef:
    aan = spoorbewijs(spoor)
    staat_toe, verbiedt = ([aan.formules[r.id] for r in aan.regels if r.toestaan == kant] for kant in (True, False))
    return z3.And(z3.Or(*staat_toe), z3.Not(z3.Or(*verbiedt)))


@cache
def _formule(spoor: str, id: str) -> z3.BoolRef:
    return next(k for k in KOPPELINGEN if k.id == id).formule(spoorbewijs(spoor).wereld)


@pytest.mark.parametrize(
    "voorwaarde",
    [
        "context.ontbreekt_hier",
        "principal.leeftijd == 3",
        'context.label like "*verdacht*"',
        "context.laag + 1 == 2",
        "context.label == context.wettelijke_grond",
        "context.herkomst.containsAny(context.logregel_ontbreekt)",
        "context.herkomst == context.kenmerken",
        "context.laag == context.label",
        'ip("10.0.0.1").isIpv4()',
        'principal.hasTag("x")',
    ],
)
def test_what_the_proof_does_not_understand_is_no_proof(voorwaarde: str) -> None:
    [regel] = lees_regels("proef", f'@id("proef") forbid (principal, action, resource) when {{ {voorwaarde} }};')
    with pytest.raises(NietVertaalbaar):
        vertaal_regel(Wereld(BUNDEL, "riec", ()), regel)


GOED = {"id": "x", "zin": "Zo is het nooit.", "bron": "WGS 1.8", "wanneer": "context.wet"}


@pytest.mark.parametrize(
    ("anders", "klacht"),
    [
        ({"sporen": ["riek"]}, "sporen"),
        ({"handelingen": ["gluren"]}, "handelingen"),
        ({"categorieen": ["sterrenbeeld"]}, "categorieen"),
        ({"zetels_zonder_stand": ["baas"]}, "zetels_zonder_stand"),
        ({"wanneer": "context.stemming"}, "schema"),
        ({"wanneer": 'context.stand == "baas"'}, "baas"),
        ({"wanneer": 'resource == Gegeven::"riec:sterrenbeeld"'}, "sterrenbeeld"),
        ({"wanneer": "context.wet };\npermit (principal, action, resource) when { true"}, "enkele"),
        ({"wanneer": "context.wet &&"}, "onleesbaar"),
        ({"wanneer": True}, "geen tekst"),
        ({"sporen": "riec"}, "geen lijst"),
        ({"zin": ""}, "zin"),
        ({"mits": "context.wet"}, "mits"),
    ],
)
def test_a_never_rule_with_an_unknown_word_is_refused(anders: dict[str, object], klacht: str) -> None:
    assert _klachten([GOED]) == []
    [(nummer, zin)] = _klachten([GOED | {"id": "y"}, GOED | anders])
    assert nummer == 1
    assert klacht in zin


@pytest.mark.parametrize("ruwe", [None, [], {}, "tekst", [1], [GOED, GOED]])
def test_never_rules_that_are_no_list_of_rules_are_refused(ruwe: object) -> None:
    assert _klachten(ruwe)


def _klachten(ruwe: object) -> list[tuple[int, str]]:
    schema = (BELEIDSMAP / "hub.cedarschema").read_text(encoding="utf-8")
    tabellen = {"sporen": BUNDEL.sporen, "handelingen": BUNDEL.handelingen, "categorieen": BUNDEL.categorieen,
                "zetels": BUNDEL.zetels}  # fmt: skip
    return list(keur_nooit(ruwe, tabellen, schema, {"deelnemer"}))


def _bundel_met(map: Path, *regels: dict[str, object]) -> Path:
    shutil.copytree(BELEIDSMAP, map)
    (map / "nooit.yaml").write_text(yaml.safe_dump(list(regels), allow_unicode=True), encoding="utf-8")
    return map


@pytest.mark.parametrize(("wanneer", "gebroken"), [("!context.eigen", 0), ("context.eigen", 1)])
def test_the_command_line_says_what_is_proven_and_shows_what_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wanneer: str, gebroken: int
) -> None:
    from hub.cli import prove_policies

    een = GOED | {"sporen": ["intern"], "wanneer": wanneer}
    assert prove_policies(_bundel_met(tmp_path / "ontwerp", een)) == gebroken
    gezegd = " ".join(capsys.readouterr().out.split())
    assert str(een["zin"]) in gezegd
    assert ("intern-eigen-vastlegging" in gezegd) == bool(gebroken)


def test_the_loader_refuses_a_bundle_whose_never_rules_name_what_nobody_knows(tmp_path: Path) -> None:
    map = _bundel_met(tmp_path / "ontwerp", GOED | {"categorieen": ["sterrenbeeld"]})
    with pytest.raises(BeleidOngeldig, match="sterrenbeeld"):
        laad_bundel(map)


def test_the_proof_asks_every_never_rule_somewhere() -> None:
    assert [een.id for een in NOOIT if not gevraagd(een)] == []


def test_the_policy_does_not_need_the_solver() -> None:
    asked = "import sys; from hub.access.beleid import Beleid; sys.exit('z3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
