"""Nothing leaves a partnership but on the conditions of the Act, whatever else is asked: random questions.

Each question is drawn with every circumstance set, favourable more often than not, so that many questions come
close to a permit and the one thing that is wrong has to be the thing that refuses.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from hub.access.beleid import Beleid
from hub.access.bundel import laad_bundel
from hub.access.permit import Permit
from hub.access.verzoek import Verzoek

BUNDEL = laad_bundel()
WET = date(2025, 3, 1)
DERDE, VERBAND, BRUG = "verstrekken-aan-derde", "verstrekken-aan-verband", "brugbericht-sturen"
GEHEIMEN = ("beroepsgeheim-457", "beroepsgeheim-big88", "beroepsgeheim-jeugdwet-7311", "wvggz-834", "wzd-18c")
BERICHT = {"brugbericht", "casus-pseudoniem", "venster", "veiligheidsmaatregel-nodig", "contactpersoon"}
ZORG_VAN_DE_BRUG = {"zc.opvang", "zc.gemeente", "regiocoordinator", "veilig-thuis"}
VAAK: Mapping[str, tuple[str, ...]] = {
    DERDE: ("politie-8", "woonsituatie", "interventieplan", "interventieadvies", "tussentijdse-bevinding"),
    VERBAND: ("identificerend", "betrokken-deelnemers", "interventieplan", "woonsituatie", "politie-8"),
    BRUG: tuple(sorted(BERICHT)),
}
GRONDEN = {"riec": "wgs-2-23-8", "zvh": "wgs-2-31-11"}
GUNSTIG: Mapping[str, object] = {
    "casus_lid": True,
    "aangewezen_deelnemer": True,
    "criteria_vastgelegd": True,
    "schriftelijke_reden": True,
    "rac_besluit": True,
    "instemming_van_bron": "alle",
    "grond_van_ontvanger": "publieke-taak",
    "belang_slachtoffer": True,
    "interventies_afstemmen": True,
    "toestemming": "uitdrukkelijk",
    "toestemming_door": "slachtoffer",
    "bij_amvb_aangewezen": True,
    "mens_beoordeelde": True,
}
DEELNEMERS = sorted(z.id for z in BUNDEL.zetels.values() if z.stand("riec", None) == "deelnemer")
PRIVAAT = sorted(z.id for z in BUNDEL.zetels.values() if z.privaat)
BELASTING = sorted(z.id for z in BUNDEL.zetels.values() if z.deelnemer == "belastingdienst")


def _waarden(naam: str) -> st.SearchStrategy[object]:
    """Every value a circumstance can have; for open kinds a few that rules look at."""
    soort = BUNDEL.omstandigheden[naam]
    match soort["soort"]:
        case "ja-nee":
            return st.booleans()
        case "keuze" | "drietal":
            return st.sampled_from(soort["waarden"])
        case "zetel":
            return st.sampled_from(sorted(BUNDEL.zetels))
        case "getal":
            return st.integers(0, 3)
        case "lijst":
            return st.lists(st.sampled_from([*sorted(BUNDEL.zetels), "a", "b", "c", "d", "e"]), max_size=4)
        case _:
            return st.sampled_from([soort["standaard"], "wgs-2-23-8", "wgs-2-31-11", "riec-overleg", "riec-2013"])


def _een_van(*vaak: str, anders: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    gewoon = st.sampled_from(vaak)
    return st.one_of(gewoon, gewoon, gewoon, anders)


@st.composite
def verzoeken(draw: st.DrawFn, /, handeling: str, sporen: tuple[str, ...] = ("riec", "zvh"), **vast: object) -> Verzoek:
    """A question about one action: a participant more often than not, with a handful of circumstances changed."""
    spoor = draw(st.sampled_from(sporen))
    anders = draw(st.sets(st.sampled_from(sorted(BUNDEL.omstandigheden)), max_size=4))
    omstandigheden: dict[str, object] = {
        **GUNSTIG,
        "wettelijke_grond": GRONDEN[spoor],
        "ontvanger": draw(_een_van("coa", "zc.opvang", "veilig-thuis", anders=st.sampled_from(sorted(BUNDEL.zetels)))),
        "ontvangend_verband": draw(st.sampled_from(["riec", "zvh", "fec"])),
        "daar_bekend": draw(st.booleans()),
        "herkomst": draw(st.lists(st.sampled_from(DEELNEMERS), min_size=1, max_size=4)),
        **{naam: draw(_waarden(naam)) for naam in anders},
        **vast,
    }
    vaak = ("riec.bureau", "politie.avim", "ketenregisseur") if spoor == "riec" else ("zvh.bureau", "politie.avim")
    zetels = _een_van(*vaak, anders=st.sampled_from(sorted(BUNDEL.zetels)))
    eigen = BUNDEL.sporen[spoor].doelen[0]
    doelen = {DERDE: ("bestuurlijke-interventie", "veiligheid-slachtoffer"), VERBAND: (eigen,)}
    doel = _een_van(
        *doelen.get(handeling, ("veiligheid-slachtoffer",)),
        anders=st.sampled_from(sorted(BUNDEL.woordenlijst["doelen"])),
    )
    return Verzoek(
        zetel=draw(zetels), rol="deelnemer", handeling=handeling, spoor=spoor,
        regio=draw(st.sampled_from(sorted(BUNDEL.woordenlijst["regios"]))),
        datum=draw(st.sampled_from([WET, date(2026, 5, 4), date(2031, 1, 1), date(2025, 2, 28), date(2013, 6, 13)])),
        categorie=draw(_een_van(*VAAK[handeling], anders=st.sampled_from(sorted(BUNDEL.categorieen)))),
        bron_zetel=draw(zetels), fase=draw(st.sampled_from([3, 2])),
        doel=draw(doel),
        betrokkene_rol=draw(st.sampled_from(["betrokkene", "vermoedelijk-slachtoffer", "verdachte"])),
        kenmerken=draw(st.sampled_from([frozenset(), frozenset({"naast-strafrechtelijk"})])),
        omstandigheden=omstandigheden,
    )  # fmt: skip


RANDOM = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _mag(beleid: Beleid, verzoek: Verzoek) -> bool:
    return isinstance(beleid.toets(verzoek), Permit)


def _met(verzoek: Verzoek, **omstandigheden: object) -> Verzoek:
    return replace(verzoek, omstandigheden={**verzoek.omstandigheden, **omstandigheden})


@st.composite
def volledige(draw: st.DrawFn) -> Verzoek:
    """A disclosure to a third party that meets every condition: public or private, of either partnership."""
    spoor = draw(st.sampled_from(["riec", "zvh"]))
    privaat = draw(st.booleans())
    ontvanger = draw(st.sampled_from(["woningcorporatie", "horeca"] if privaat else ["coa", "dtv", "kvk"]))
    grond = draw(st.sampled_from(["gerechtvaardigd-belang", "wettelijke-plicht"] if privaat else ["publieke-taak"]))
    bronnen = ["politie.avim", "om.ovj-mh", "gemeente.burgemeester"]
    return Verzoek(
        zetel={"riec": "riec.bureau", "zvh": "zvh.bureau"}[spoor], rol="dossierhouder", handeling=DERDE, spoor=spoor,
        regio=draw(st.sampled_from(sorted(BUNDEL.woordenlijst["regios"]))),
        datum=draw(st.dates(WET, date(2035, 12, 31))),
        categorie=draw(st.sampled_from(["politie-8", "justitieel", "interventieplan"])),
        bron_zetel=draw(st.sampled_from(bronnen[:2])), fase=2, doel="bestuurlijke-interventie",
        betrokkene_rol="betrokkene",
        omstandigheden={
            **GUNSTIG,
            "wettelijke_grond": GRONDEN[spoor],
            "ontvanger": ontvanger,
            "grond_van_ontvanger": grond,
            "herkomst": draw(st.lists(st.sampled_from(bronnen), min_size=1, max_size=6)),
            "herkomst_stappen": draw(st.integers(1, 9)),
        },
    )  # fmt: skip


VOORWAARDEN: Mapping[str, tuple[object, ...]] = {
    "wettelijke_grond": ("geen", "wpg-19", "convenant"),
    "rac_besluit": (False,),
    "bezwaar_open": (True,),
    "bezwaar_van_bron": (True,),
    "grond_van_ontvanger": ("geen",),
    "taak_ontvanger_verenigbaar": (False,),
    "noodzakelijk": (False,),
    "instemming_van_bron": ("nvt", "geen", "deel"),
    "ontvanger": ("", "politie.avim"),
    "casus_lid": (False,),
    "aangewezen_deelnemer": (False,),
    "criteria_vastgelegd": (False,),
}


@RANDOM
@given(verzoek=volledige())
def test_a_third_party_receives_when_every_condition_is_met(beleid: Beleid, verzoek: Verzoek) -> None:
    assert _mag(beleid, verzoek), beleid.uitleg(verzoek)


@RANDOM
@given(verzoek=volledige(), kapot=st.sets(st.sampled_from(sorted(VOORWAARDEN)), min_size=1), data=st.data())
def test_a_third_party_receives_nothing_when_a_condition_is_missing(
    beleid: Beleid, verzoek: Verzoek, kapot: set[str], data: st.DataObject
) -> None:
    gebroken = {naam: data.draw(st.sampled_from(VOORWAARDEN[naam])) for naam in sorted(kapot)}
    assert not _mag(beleid, _met(verzoek, **gebroken))


@RANDOM
@given(verzoek=verzoeken(DERDE))
def test_whatever_reaches_a_third_party_met_every_condition(beleid: Beleid, verzoek: Verzoek) -> None:
    if not _mag(beleid, verzoek):
        return
    feit = verzoek.omstandigheden
    assert feit["instemming_van_bron"] == "alle" or not BUNDEL.categorieen[verzoek.categorie].get("opsporing")
    assert not feit.get("bezwaar_open")
    if verzoek.datum < WET:
        assert verzoek.zetelsoort == "ketenregisseur"
        assert feit["belang_slachtoffer"]
        return
    privaat = BUNDEL.zetels[str(feit["ontvanger"])].privaat
    grond = feit["grond_van_ontvanger"]
    assert feit["wettelijke_grond"] == GRONDEN[verzoek.spoor]
    assert feit["rac_besluit"]
    assert grond == "publieke-taak" or (privaat and grond != "geen")
    assert feit.get("taak_ontvanger_verenigbaar", True)
    assert BUNDEL.zetels[str(feit["ontvanger"])].stand(verzoek.spoor, None) != "deelnemer"


@RANDOM
@given(
    verzoek=volledige(),
    naar=st.sampled_from(PRIVAAT),
    belasting=st.sampled_from(BELASTING),
    ervoor=st.lists(st.sampled_from(DEELNEMERS), max_size=30),
    erna=st.lists(st.sampled_from(DEELNEMERS), max_size=30),
    gebied=st.sampled_from(["", "@landelijk"]),
    grond=st.sampled_from(["gerechtvaardigd-belang", "wettelijke-plicht", "publieke-taak"]),
    stappen=st.integers(0, 50),
)
def test_no_tax_ancestor_reaches_a_private_party_whatever_the_lineage(
    beleid: Beleid, verzoek: Verzoek, naar: str, belasting: str, ervoor: list[str], erna: list[str], gebied: str,
    grond: str, stappen: int,
) -> None:  # fmt: skip
    herkomst = [*ervoor, belasting + gebied, *erna]
    vraag = _met(verzoek, ontvanger=naar, herkomst=herkomst, grond_van_ontvanger=grond, herkomst_stappen=stappen)
    assert not _mag(beleid, vraag)


@RANDOM
@given(verzoek=volledige(), stappen=st.integers(1, 9))
def test_the_fiod_is_no_tax_ancestor_and_an_unknown_one_is(beleid: Beleid, verzoek: Verzoek, stappen: int) -> None:
    vraag = _met(
        replace(verzoek, categorie="interventieplan"),
        ontvanger="woningcorporatie", grond_van_ontvanger="gerechtvaardigd-belang", herkomst_stappen=stappen,
    )  # fmt: skip
    assert _mag(beleid, _met(vraag, herkomst=["fiod", "fiod@landelijk"]))
    assert not _mag(beleid, _met(vraag, herkomst=[]))
    assert not _mag(beleid, _met(vraag, herkomst=["fiod", "onbekende-instantie"]))


@pytest.mark.parametrize("omstandigheid", [{"afgeleide_samenvatting": True}, {"herkomst_stappen": 3}])
def test_a_derived_thing_without_ancestors_may_rest_on_tax(beleid: Beleid, omstandigheid: dict[str, object]) -> None:
    vraag = find(volledige(), lambda v: v.omstandigheden["ontvanger"] == "horeca" and v.categorie == "politie-8")
    direct = _met(vraag, herkomst=[], herkomst_stappen=1)
    assert _mag(beleid, direct)
    assert not _mag(beleid, _met(direct, **omstandigheid))


@RANDOM
@given(verzoek=verzoeken(VERBAND), geheim=st.sets(st.sampled_from(GEHEIMEN), min_size=1))
def test_no_professional_secret_ever_crosses_partnerships(beleid: Beleid, verzoek: Verzoek, geheim: set[str]) -> None:
    assert not _mag(beleid, replace(verzoek, kenmerken=verzoek.kenmerken | geheim))


@RANDOM
@given(verzoek=verzoeken(VERBAND))
def test_another_kind_of_partnership_hears_of_involvement_and_alignment_only(beleid: Beleid, verzoek: Verzoek) -> None:
    if not _mag(beleid, verzoek):
        return
    feit = verzoek.omstandigheden
    assert verzoek.datum >= WET
    assert feit.get("noodzakelijk", True)
    if feit["ontvangend_verband"] == verzoek.spoor:
        return
    if verzoek.categorie in ("identificerend", "contact", "bsn"):
        assert not feit["daar_bekend"]
        return
    assert feit["daar_bekend"]
    assert feit["instemming_van_bron"] == "alle"
    assert verzoek.categorie == "betrokken-deelnemers" or (
        verzoek.categorie == "interventieplan" and feit["interventies_afstemmen"]
    )


@RANDOM
@given(verzoek=verzoeken(BRUG, sporen=("riec",)))
def test_the_bridge_carries_four_facts_to_care_and_nothing_else(beleid: Beleid, verzoek: Verzoek) -> None:
    if _mag(beleid, verzoek):
        assert verzoek.categorie in BERICHT
        assert str(verzoek.omstandigheden["ontvanger"]) in ZORG_VAN_DE_BRUG
        assert verzoek.betrokkene_rol != "verdachte"


@pytest.mark.parametrize("categorie", sorted(BUNDEL.categorieen))
def test_every_category_is_tried_on_the_bridge(beleid: Beleid, categorie: str) -> None:
    vraag = Verzoek(
        zetel="politie.avim", rol="casusdeelnemer", handeling=BRUG, spoor="riec", regio="breda", datum=WET,
        categorie=categorie, bron_zetel="riec.bureau", fase=3, doel="veiligheid-slachtoffer",
        betrokkene_rol="vermoedelijk-slachtoffer", omstandigheden={**GUNSTIG, "ontvanger": "veilig-thuis"},
    )  # fmt: skip
    assert _mag(beleid, vraag) == (categorie in BERICHT)


@pytest.mark.parametrize(
    ("handeling", "spoor"), [(DERDE, "riec"), (DERDE, "zvh"), (VERBAND, "riec"), (VERBAND, "zvh"), (BRUG, "riec")]
)
def test_the_random_questions_do_reach_permits(beleid: Beleid, handeling: str, spoor: str) -> None:
    assert _mag(beleid, find(verzoeken(handeling, sporen=(spoor,)), lambda v: _mag(beleid, v)))
