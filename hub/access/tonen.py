"""A covenant for people: who, since when, at which tables, and what the sources leave open or contradict."""

from collections.abc import Iterator

from hub.access.zetel import Convenant, Tafel


def convenanttekst(convenant: Convenant) -> Iterator[str]:
    """A covenant as lines of Dutch text, the first its title. Nothing of it is left out."""
    yield f"{convenant.id}: {convenant.naam}"
    yield f"  soort {convenant.soort}, spoor {convenant.spoor or 'geen'}, {_regios(convenant)}, {_dagen(convenant)}"
    for naam, waarden in (
        ("partijen", convenant.alle_partijen),
        ("voorwaardelijk partij", _voorwaarden(convenant)),
        ("brengt alleen in", sorted(convenant.inbrengers)),
        ("schriftelijk", sorted(convenant.schriftelijk)),
        ("brengt naar het RIEC", sorted(convenant.opplussen)),
        ("brugbericht naar", sorted(convenant.brug_naar)),
        ("doelen", sorted(convenant.doelen)),
        ("categorieen", sorted(convenant.categorieen)),
        ("niet over", sorted(convenant.betrokkenen_niet)),
        ("eisen", _eisen(convenant)),
        *((f"ring {ring}", sorted(zetels)) for ring, zetels in convenant.ringen.items()),
        *((naam.replace("_", " "), teksten) for naam, teksten in convenant.toelichting.items()),
    ):
        if waarden:
            yield f"  {naam}: {'; '.join(waarden)}"
    yield from (f"  tafel {_tafel(tafel, convenant)}" for tafel in convenant.overleggen)
    yield from (f"  mededeling: {tekst}" for tekst in _mededelingen(convenant))
    yield from (f"  leemte: {leemte}" for leemte in convenant.leemten)
    yield from (f"  tegenstrijdig: {tegenspraak.zin}" for tegenspraak in convenant.tegenstrijdigheden)
    if convenant.keuze:
        yield f"  keuze: {convenant.keuze}"
    yield f"  bron: {', '.join(convenant.bronnen)}"


def _regios(convenant: Convenant) -> str:
    return "regio " + ", ".join((convenant.regio, *sorted(convenant.ook_regios)))


def _dagen(convenant: Convenant) -> str:
    vanaf, tot = convenant.geldig_vanaf or "onbekend", convenant.geldig_tot or "onbekend"
    return f"geldig vanaf {vanaf} tot en met {tot}"


def _voorwaarden(convenant: Convenant) -> list[str]:
    return [f"{', '.join(v.zetels)} als {v.omstandigheid} {_waarde(v.waarde)} is" for v in convenant.voorwaardelijk]


def _waarde(waarde: object) -> str:
    return {True: "ja", False: "nee"}[waarde] if isinstance(waarde, bool) else str(waarde)


def _eisen(convenant: Convenant) -> list[str]:
    eisen = []
    if convenant.alleen_herkomstgemeente:
        eisen.append(f"alleen van de gemeente van herkomst: {', '.join(sorted(convenant.alleen_herkomstgemeente))}")
    if convenant.toets_vooraf:
        eisen.append("eerst een oordeel of het een echt signaal is")
    if convenant.acuut_naar:
        eisen.append(f"bij acuut gevaar naar {', '.join(sorted(convenant.acuut_naar))}")
    for zetel, naar in convenant.ernstig_risico:
        eisen.append(f"{zetel} alleen bij ernstig risico naar {', '.join(sorted(naar))}")
    if convenant.alleen_aan_tafel:
        eisen.append("alleen aan de eigen tafels")
    return eisen


def _tafel(tafel: Tafel, convenant: Convenant) -> str:
    delen = [f"persoonsgegevens {tafel.persoonsgegevens}", f"leeftijd {tafel.leeftijd}"]
    delen += ["elk signaal"] if tafel.id in convenant.hele_tafels else []
    delen += [tafel.ritme] if tafel.ritme else []
    delen += [f"aanwezig {', '.join(tafel.aanwezig)}"] if tafel.aanwezig else []
    return f"{tafel.id}: {'; '.join(delen)}"


def _mededelingen(convenant: Convenant) -> Iterator[str]:
    for m in convenant.mededelingen:
        door, aan, wat, waarvoor = (", ".join(sorted(w)) for w in (m.door, m.aan, m.categorieen, m.doelen))
        yield f"{door} vertelt {aan} {wat} voor {waarvoor}"
