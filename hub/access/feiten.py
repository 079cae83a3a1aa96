"""The facts a rule may use: standing, covenant, consent and term, worked out for one question.

Facts only say what is the case. What follows from them is said by the Cedar rules.
"""

from collections.abc import Mapping
from datetime import date

from hub.access.bundel import Bundel, Spoor
from hub.access.gronden import gronden, leesgronden
from hub.access.handelingsfeiten import handelingsfeiten
from hub.access.herkomst import rust_op
from hub.access.platformfeiten import platformfeiten
from hub.access.verzoek import Verzoek
from hub.access.zetel import Convenant, hoort_bij

TOESTEMMING = frozenset({"mondeling", "schriftelijk", "uitdrukkelijk"})
BIJ_REGIO = frozenset({"geen", "regionaal", "landelijk-2013"})


def feiten(bundel: Bundel, verzoek: Verzoek, omstandigheden: Mapping[str, object]) -> dict[str, object]:
    """All facts for the Cedar context; `omstandigheden` must be complete (every key, defaults filled in)."""
    spoor = bundel.sporen[verzoek.spoor]
    wet = spoor.wet_vanaf is not None and verzoek.datum >= spoor.wet_vanaf
    convenanten, herkend = toepasselijk(bundel, verzoek, omstandigheden, wet)
    tafel = str(omstandigheden["tafel"])
    aan_tafel = [c for c in convenanten if c.aan_tafel(tafel, verzoek.minderjarig)] or convenanten
    ontvanger = str(omstandigheden["ontvanger"]).partition("@")[0]
    van_zetel = [c for c in aan_tafel if is_partij(c, verzoek.zetel, bundel, omstandigheden)]
    context: dict[str, object] = {**omstandigheden, **platformfeiten(bundel.koppelvlak, verzoek, omstandigheden)}
    context.update(
        zetel=verzoek.zetelsoort, bron=verzoek.bronsoort, eigen=verzoek.eigen, doel=verzoek.doel,
        fase=verzoek.fase, betrokkene_rol=verzoek.betrokkene_rol, bijzonder=sorted(verzoek.bijzonder),
        kenmerken=sorted(verzoek.kenmerken), wet=wet, toets_vooraf_vereist=any(c.toets_vooraf for c in aan_tafel),
        stand=stand(bundel, verzoek, aan_tafel, herkend, omstandigheden, wet),
        ontvanger_stand=ontvanger_stand(bundel, ontvanger, verzoek, aan_tafel, omstandigheden, wet),
        ontvanger_opsporing=bool(ontvanger) and bundel.zetels[ontvanger].opsporing,
        bron_zorg=bundel.zetels[verzoek.bronsoort].zorg, bron_opsporing=bundel.zetels[verzoek.bronsoort].opsporing,
        tafel_genoemd=tafel == "geen" or wet or any(c.aan_tafel(tafel, verzoek.minderjarig) for c in convenanten),
        doel_in_convenant=any(verzoek.doel in c.doelen for c in van_zetel),
        betrokkene_in_convenant=not van_zetel
        or any(verzoek.betrokkene_rol not in c.betrokkenen_niet for c in van_zetel),
        herkomst_vereist=any(hoort_bij(verzoek.zetelsoort, c.alleen_herkomstgemeente) for c in aan_tafel),
        hele_tafel=any(tafel in c.hele_tafels for c in aan_tafel),
        termijn_verstreken=termijn_verstreken(spoor, verzoek.datum, str(omstandigheden["eerste_verwerking"])),
        toestemming_geldig=toestemming_geldig(verzoek.minderjarig, omstandigheden),
        gronden=gronden(bundel, verzoek, omstandigheden),
        leesgronden=leesgronden(bundel, verzoek, omstandigheden),
        **handelingsfeiten(bundel, verzoek, ontvanger, omstandigheden),
        ontvanger_privaat=bool(ontvanger) and bundel.zetels[ontvanger].privaat,
        schriftelijke_partij=any(verzoek.zetelsoort in c.schriftelijk for c in aan_tafel),
        grond_in_verband=omstandigheden["wettelijke_grond"] == spoor.grond_derden,
        eigen_soort_verband=omstandigheden["ontvangend_verband"] == spoor.id,
        brug_ontvanger=any(ontvanger in c.brug_naar for c in bundel.van_regio(verzoek.regio, verzoek.datum)),
        **mededeling(convenanten, verzoek, ontvanger, spoor),
        **meldroute(bundel, verzoek, ontvanger, omstandigheden),
        **rust_op(bundel, verzoek, omstandigheden),
    )  # fmt: skip
    if context["ring"] == "geen" and any(verzoek.zetelsoort in c.secundair for c in convenanten):
        context["ring"] = "secundair"
    return context


def toepasselijk(
    bundel: Bundel, verzoek: Verzoek, omstandigheden: Mapping[str, object], wet: bool
) -> tuple[list[Convenant], bool]:
    """The covenants that count here, and whether the covenant relied upon was found to be in force.

    A covenant of the region goes before a national one. From the day the statute counts, none counts.
    """
    if wet:
        return [], True
    genoemd = str(omstandigheden["convenant"])
    regionaal, landelijk = bundel.in_kracht(verzoek.spoor, verzoek.regio, verzoek.datum)
    hier = [c for c in regionaal if not c.alleen_aan_tafel or omstandigheden["tafel"] in c.tafels]
    gekozen = hier or list(landelijk)
    if not omstandigheden["convenant_geldig"]:
        return [], False
    if genoemd in BIJ_REGIO or genoemd in {c.id for c in landelijk}:
        return gekozen, True
    gekozen = [c for c in gekozen if genoemd in (c.id, c.onder)]
    return gekozen, bool(gekozen)


def is_partij(convenant: Convenant, zetel: str, bundel: Bundel, omstandigheden: Mapping[str, object]) -> bool:
    """Whether a seat is party: named, named through its group with a standing of its own, or conditionally.

    Where only some areas are party, the seat must be in one of them.
    """
    zetelsoort, _, gebied = zetel.partition("@")
    partijen = convenant.partijen_in(gebied)
    if zetelsoort in partijen:
        return True
    groep = hoort_bij(zetelsoort, partijen)
    if groep and bundel.zetels[zetelsoort].stand(convenant.spoor or "", None) == "deelnemer":
        return True
    return any(zetelsoort in v.zetels and omstandigheden[v.omstandigheid] == v.waarde for v in convenant.voorwaardelijk)


def stand(
    bundel: Bundel, verzoek: Verzoek, convenanten: list[Convenant], herkend: bool,
    omstandigheden: Mapping[str, object], wet: bool,
) -> str:  # fmt: skip
    """How the asking seat stands in this track, region and day.

    Where the statute counts: its list. Where a covenant counts: its parties; a participant by task who is no
    party has no standing. Where a region has no covenant: the task, or nobody, as the track says.
    """
    zetel = bundel.zetels[verzoek.zetelsoort]
    wie = bundel.sporen[verzoek.spoor].wie
    if wie == "partijen-of-wet" and (wet or zetel.namens_deelnemers):
        return zetel.stand(verzoek.spoor, None)
    algemeen = zetel.stand(verzoek.spoor, verzoek.regio)
    if wie == "stand" or (wie == "partijen-of-stand" and not convenanten and herkend):
        return algemeen
    getekend = omstandigheden["ondertekenaar"]
    partij = any(is_partij(c, verzoek.zetel, bundel, omstandigheden) for c in convenanten)
    if getekend == "ja" or (partij and getekend == "uit-convenant"):
        return "deelnemer"
    if any(zetel.id in c.inbrengers for c in convenanten):
        return "bron"
    return "geen" if algemeen == "deelnemer" else algemeen


def ontvanger_stand(
    bundel: Bundel, ontvanger: str, verzoek: Verzoek, convenanten: list[Convenant],
    omstandigheden: Mapping[str, object], wet: bool,
) -> str:  # fmt: skip
    """How the named recipient stands; `onbekend` where none is named.

    In a track with a statute, before that statute counts, only a party is participant. Who is in the second ring
    of a covenant brings in and never receives.
    """
    if not ontvanger:
        return "onbekend"
    zetel = bundel.zetels[ontvanger]
    if any(ontvanger in c.secundair for c in convenanten):
        return "geen"
    if any(is_partij(c, str(omstandigheden["ontvanger"]), bundel, omstandigheden) for c in convenanten):
        return "deelnemer"
    spoor = bundel.sporen[verzoek.spoor]
    if spoor.wet_vanaf is not None and not wet:
        return "geen"
    return zetel.stand(verzoek.spoor, None if spoor.wie == "partijen-of-wet" else verzoek.regio)


def meldroute(
    bundel: Bundel, verzoek: Verzoek, ontvanger: str, omstandigheden: Mapping[str, object]
) -> dict[str, object]:
    """What the reporting route of the region asks of a signal that is passed on."""
    in_kracht = bundel.van_regio(verzoek.regio, verzoek.datum)
    gekregen = {str(z).partition("@")[0] for z in _lijst(omstandigheden["ontvangers"])} | {ontvanger}
    compleet = omstandigheden["gevaar"] != "acuut" or all(c.acuut_naar <= gekregen for c in in_kracht)
    risico = any(
        zetel == verzoek.zetelsoort and hoort_bij(ontvanger, naar)
        for c in in_kracht
        for zetel, naar in c.ernstig_risico
    )
    return {"ontvangers_compleet": compleet, "ernstig_risico_vereist": risico}


def mededeling(convenanten: list[Convenant], verzoek: Verzoek, ontvanger: str, spoor: Spoor) -> dict[str, object]:
    """Whether a covenant lets this seat tell the recipient this, and whether the purpose fits the action."""
    genoemd = any(
        verzoek.zetelsoort in m.door
        and ontvanger in m.aan
        and verzoek.categorie in m.categorieen
        and verzoek.doel in m.doelen
        for c in convenanten
        for m in c.mededelingen
    )
    doel = verzoek.doel in spoor.doelen_bij.get(verzoek.handeling, ())
    return {"mededeling_in_convenant": genoemd, "doel_bij_handeling": doel or genoemd}


def toestemming_geldig(minderjarig: bool, omstandigheden: Mapping[str, object]) -> bool:
    """Whether consent was given by who decides: the adult, or for a minor a parent or guardian who is no danger."""
    if omstandigheden["toestemming"] not in TOESTEMMING:
        return False
    if minderjarig:
        return omstandigheden["toestemming_door"] in ("ouder", "voogd") and not omstandigheden["ouder_is_gevaar"]
    return omstandigheden["toestemming_door"] == "slachtoffer"


def termijn_verstreken(spoor: Spoor, datum: date, eerste_verwerking: str) -> bool:
    """Whether the retention term of the track is over, counted from the first processing.

    Source: WGS 1.8(7).
    """
    if spoor.bewaartermijn_jaren is None or not eerste_verwerking:
        return False
    begin = date.fromisoformat(eerste_verwerking)
    jaar = begin.year + spoor.bewaartermijn_jaren
    # 29 February has no anniversary in most years; the term then ends on 1 March.
    einde = date(jaar, 3, 1) if (begin.month, begin.day) == (2, 29) else begin.replace(year=jaar)
    return datum >= einde


def _lijst(waarde: object) -> list[object]:
    return list(waarde) if isinstance(waarde, list | tuple | frozenset | set) else []
