"""The facts a rule may use: standing, covenant, consent and term, worked out for one question.

Facts only say what is the case. What follows from them is said by the Cedar rules.
"""

from collections.abc import Mapping
from datetime import date

from hub.access.bundel import Bundel, Spoor
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
    aan_tafel = [c for c in convenanten if tafel in c.tafels] or convenanten
    ontvanger = str(omstandigheden["ontvanger"]).partition("@")[0]
    van_zetel = [c for c in aan_tafel if is_partij(c, verzoek.zetelsoort, bundel, omstandigheden)]
    context: dict[str, object] = dict(omstandigheden)
    context.update(
        zetel=verzoek.zetelsoort, bron=verzoek.bronsoort, eigen=verzoek.eigen, doel=verzoek.doel,
        fase=verzoek.fase, betrokkene_rol=verzoek.betrokkene_rol, bijzonder=sorted(verzoek.bijzonder),
        kenmerken=sorted(verzoek.kenmerken), wet=wet,
        stand=stand(bundel, verzoek, aan_tafel, herkend, omstandigheden, wet),
        ontvanger_stand=ontvanger_stand(bundel, ontvanger, verzoek, aan_tafel, omstandigheden, wet),
        ontvanger_opsporing=bool(ontvanger) and bundel.zetels[ontvanger].opsporing,
        bron_zorg=bundel.zetels[verzoek.bronsoort].zorg,
        bron_opsporing=bundel.zetels[verzoek.bronsoort].opsporing,
        tafel_genoemd=tafel == "geen" or wet or any(tafel in c.tafels for c in convenanten),
        doel_in_convenant=any(verzoek.doel in c.doelen for c in van_zetel),
        betrokkene_in_convenant=not van_zetel
        or any(verzoek.betrokkene_rol not in c.betrokkenen_niet for c in van_zetel),
        herkomst_vereist=any(hoort_bij(verzoek.zetelsoort, c.alleen_herkomstgemeente) for c in aan_tafel),
        toets_vooraf_vereist=any(c.toets_vooraf for c in aan_tafel),
        termijn_verstreken=termijn_verstreken(spoor, verzoek.datum, str(omstandigheden["eerste_verwerking"])),
        toestemming_geldig=toestemming_geldig(verzoek.minderjarig, omstandigheden),
        gronden=gronden(bundel, verzoek, ontvanger) if verzoek.spoor == "bilateraal" else [],
        **meldroute(bundel, verzoek, ontvanger, omstandigheden),
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
    gekozen = list(regionaal or landelijk)
    if not omstandigheden["convenant_geldig"]:
        return [], False
    if genoemd in BIJ_REGIO or genoemd in {c.id for c in landelijk}:
        return gekozen, True
    gekozen = [c for c in gekozen if c.id == genoemd]
    return gekozen, bool(gekozen)


def is_partij(convenant: Convenant, zetelsoort: str, bundel: Bundel, omstandigheden: Mapping[str, object]) -> bool:
    """Whether a seat is party: named, named through its group with a standing of its own, or conditionally."""
    if zetelsoort in convenant.partijen:
        return True
    groep = hoort_bij(zetelsoort, convenant.partijen)
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
    partij = any(is_partij(c, zetel.id, bundel, omstandigheden) for c in convenanten)
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

    In a track with a statute, before that statute counts, only a party is participant.
    """
    if not ontvanger:
        return "onbekend"
    zetel = bundel.zetels[ontvanger]
    if any(is_partij(c, ontvanger, bundel, omstandigheden) for c in convenanten):
        return "deelnemer"
    spoor = bundel.sporen[verzoek.spoor]
    if spoor.wet_vanaf is not None and not wet:
        return "geen"
    return zetel.stand(verzoek.spoor, None if spoor.wie == "partijen-of-wet" else verzoek.regio)


def gronden(bundel: Bundel, verzoek: Verzoek, ontvanger: str) -> list[str]:
    """The grounds that sender, recipient, purpose, category and role bring into view; none without a recipient.

    Source: WGS 1.2(2).
    """
    if not ontvanger:
        return []
    return [
        grond.id
        for grond in bundel.gronden
        if (grond.van is None or hoort_bij(verzoek.zetelsoort, grond.van))
        and not hoort_bij(verzoek.zetelsoort, grond.behalve)
        and (grond.naar is None or hoort_bij(ontvanger, grond.naar))
        and verzoek.doel in grond.doelen
        and (grond.categorieen is None or verzoek.categorie in grond.categorieen)
        and (grond.betrokkenen is None or verzoek.betrokkene_rol in grond.betrokkenen)
    ]


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
