"""The shape of every table of a bundle: which keys a row has and of what kind their values are."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter

from hub.access.bewaarvormen import BewaartermijnenVorm
from hub.access.plichtvormen import PlichtenVorm
from hub.access.routevormen import VerwijsroutesVorm
from hub.access.terugkoppelvormen import TerugkoppelenVorm
from hub.access.terugroepvormen import TerugroepenVorm
from hub.access.vormen import Datum, Gebied, NietLeeg, Woord, Woorden, Zetels, soort_van


class Vorm(BaseModel):
    """A row with a closed set of keys; a text is not taken for a number or the other way round."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Soort = Literal[
    "riec", "zvh", "zorg", "woning", "beleidstafel", "dpia", "voorstel", "alleen-genoemd", "meldroute",
    "casustafel", "praktijk", "verordening", "beleid", "handreiking", "routetafel", "project",
]  # fmt: skip


Openbaarpad = Annotated[str, Field(pattern=r"^(/([A-Za-z0-9._-]+|\*))+$")]
OinBegin = Annotated[str, Field(pattern="^[0-9]{8}$")]


class RegionaleZetel(Vorm):
    regio: Woord
    vindplaats: Woord
    tafels: Woorden = []
    ring: Woord | None = None
    sporen: dict[Woord, Woord] = {}
    werkgever: Woord | None = None
    rol: Woord | None = None


class ZetelVorm(Vorm):
    label: Woord
    sporen: dict[Woord, Woord]
    deelnemer: Woord | None = None
    opsporing: bool = False
    zorg: bool = False
    namens_deelnemers: bool = False
    privaat: bool = False
    belasting: bool = False
    toetst: bool = False
    regionaal: list[RegionaleZetel] = []
    vindplaats: Woorden = []


class InstantieVorm(Vorm):
    organisatie: Woord
    oin: Woord
    regio: Woord
    label: Woord
    alias: Woord | None = None


class SpoorVorm(Vorm):
    naam: Woord
    wet: Woorden
    wet_vanaf: Datum | None
    wie: Woord
    doelen: Woorden
    activiteiten: Woorden
    betrokkenen: Woorden
    bewaartermijn_jaren: Annotated[int, Field(gt=0)] | None
    alle_categorieen: bool = False
    doelen_bij: dict[Woord, Woorden] = {}
    grond_derden: Woord | None = None
    wat_wel: Woord | None = None
    kennisgeving_weken: Annotated[int, Field(gt=0, le=52)] | None = None


class CategorieInSpoor(Vorm):
    fase: Literal[0, 1, 2, 3] = 0
    verboden: Woord | None = None
    bronnen: Woorden = []
    behalve: Woorden = []
    zetels: Woorden = []
    doelen: Woorden = []
    activiteiten: Woorden = []
    kenmerken: Woorden = []
    vormen: Woorden = []
    handelingen: Woorden = []
    toestemming: bool = False
    verzegeld: bool = False
    deel_een: bool = False
    schriftelijke_reden: bool = False


class CategorieVorm(Vorm):
    """What a category is; every other key is the id of a track with what holds there."""

    model_config = ConfigDict(extra="allow")

    naam: Woord
    herleidbaar: bool = False
    opsporing: bool = False
    resultaat: bool = False
    geautomatiseerd: bool = False
    bijzonder: bool = False
    werkstuk: bool = False
    personalia: bool = False
    voor_verband: bool = False
    __pydantic_extra__: dict[str, CategorieInSpoor]


class HandelingVorm(Vorm):
    engels: Woord
    zonder_regel: Woord


class OmstandigheidVorm(Vorm):
    soort: Literal["ja-nee", "getal", "keuze", "drietal", "lijst", "zetel", "datum", "tekst"]
    standaard: bool | int | str | list[str]
    waarden: Woorden = []


class WoordenlijstVorm(Vorm):
    """The lists that questions are held against; other lists may stand beside them."""

    model_config = ConfigDict(extra="allow")

    rollen: Woorden
    doelen: Woorden
    betrokkene_rollen: Woorden
    bijzonder: Woorden
    kenmerken: Woorden
    regios: Woorden
    verplichtingen: Woorden
    vormen: Woorden
    __pydantic_extra__: dict[str, Woorden]


class SpoorverwerkingVorm(Vorm):
    verantwoordelijken: Woord
    rol_ontvangers: Woord
    betrokkenen: NietLeeg
    rechtsgrond: NietLeeg
    bewerkingen: NietLeeg


class MaatregelVorm(Vorm):
    soort: Literal["Technical", "Organisational"]
    maatregel: Woord


class VerwerkingVorm(Vorm):
    id: Woord
    versie: int
    naam: Woord
    spoor: Woord
    grondslag: Woord
    dpia: Woord | None
    regels: Woorden
    geldig_vanaf: Datum = ""
    verantwoordelijken: Woord = ""
    rol_ontvangers: Woord = ""
    betrokkenen: Woorden = []
    rechtsgrond: Woorden = []
    bewerkingen: Woorden = []
    doelen: Woorden = []


class RegisterVorm(Vorm):
    verwerkingen: list[VerwerkingVorm]
    per_spoor: dict[Woord, SpoorverwerkingVorm]
    maatregelen: list[MaatregelVorm]


class GrondVorm(Vorm):
    van: Zetels
    naar: Zetels
    doelen: NietLeeg
    behalve: Woorden = []
    categorieen: Woorden = []
    betrokkenen: Woorden = []
    convenant: Soort | None = None


class LidVorm(Vorm):
    """A party in some areas only, or for some time."""

    zetel: Woord
    gebieden: Annotated[list[Gebied], Field(min_length=1)] | None = None
    vanaf: Datum | None = None
    tot: Datum | None = None


Partij = Annotated[Annotated[Woord, Tag("str")] | Annotated[LidVorm, Tag("dict")], Discriminator(soort_van)]


class TafelVorm(Vorm):
    id: Woord
    persoonsgegevens: Literal["ja", "nee", "onbekend"]
    leeftijd: Literal["alle", "18-", "18+"] = "alle"
    hele_tafel: Literal["ja", "nee"] = "nee"
    aanwezig: Woorden = []
    ritme: Woord | None = None


class VoorwaardelijkVorm(Vorm):
    zetels: Woorden
    omstandigheid: Woord
    waarde: bool | int | str


class RisicoVorm(Vorm):
    zetel: Woord
    naar: Woorden


class MededelingVorm(Vorm):
    door: NietLeeg
    aan: NietLeeg
    categorieen: NietLeeg
    doelen: NietLeeg


class EisenVorm(Vorm):
    alleen_herkomstgemeente: Woorden = []
    toets_vooraf: Woord | None = None
    acuut_naar: Woorden = []
    alleen_bij_ernstig_risico: list[RisicoVorm] = []
    alleen_aan_tafel: bool = False


class LezingVorm(Vorm):
    zegt: Woord
    bron: Woord


class TegenstrijdigheidVorm(Vorm):
    over: Woord
    lezingen: Annotated[list[LezingVorm], Field(min_length=2)]


class GegevensVorm(Vorm):
    slachtoffer: Woord | None = None
    dader: Woord | None = None
    soort: Woord | None = None


class ConvenantVorm(Vorm):
    id: Annotated[str, Field(pattern="^[a-z0-9-]+$")]
    naam: Woord
    soort: Soort
    spoor: Woord | None
    regio: Woord
    bron: NietLeeg
    partijen: list[Partij]
    geldig_vanaf: Datum | None
    geldig_tot: Datum | None
    persoonsgegevens: Literal["ja", "nee", "onbekend", "per-ring", "per-laag"]
    historisch: bool = False
    bestaat: bool = True
    waargenomen: int | None = None
    ook_regios: Woorden = []
    onder: Woord | None = None
    partijen_van: Woord | None = None
    doel: Woord | None = None
    doelen: Woorden = []
    gegevens: GegevensVorm | None = None
    voorzitter: Woord | None = None
    niet_partijen: Woorden = []
    aanwezig: Woorden = []
    schriftelijk: Woorden = []
    inbrengers: Woorden = []
    voorwaardelijk: list[VoorwaardelijkVorm] = []
    ringen: dict[Literal["primair", "secundair"], Woorden] = {}
    lagen: dict[int, Woord] = {}
    tafels: list[TafelVorm] = []
    betrokkenen_niet: Woorden = []
    mededelingen: list[MededelingVorm] = []
    brug_naar: Woorden = []
    categorieen: Woorden = []
    opplussen: Woorden = []
    eisen: EisenVorm | None = None
    voorwaarden: Woorden = []
    route: Woorden = []
    leemten: Woorden = []
    tegenstrijdigheden: list[TegenstrijdigheidVorm] = []
    keuze: Woord | None = None


class RegioVorm(Vorm):
    naam: Woord
    gebieden: list[Gebied] = []


class RegiobestandVorm(Vorm):
    """One file of `convenanten/`: the regions it brings, and their covenants and tables."""

    regios: dict[Annotated[str, Field(pattern="^[a-z-]{1,40}$")], RegioVorm] = {}
    convenanten: list[ConvenantVorm]


class MaskerVorm(Vorm):
    zichtbaar: Woorden = []
    verborgen: Woorden = []


class AndersVorm(Vorm):
    """The input of a question as far as it differs from that of another case."""

    zetel: Woord = ""
    rol: Woord = ""
    handeling: Woord = ""
    spoor: Woord = ""
    regio: Woord = ""
    datum: Datum = ""
    categorie: Woord = ""
    bron_zetel: Woord = ""
    fase: int = 0
    doel: Woord = ""
    betrokkene_rol: Woord = ""
    minderjarig: bool = False
    bijzonder: Woorden = []
    kenmerken: Woorden = []
    omstandigheden: dict[str, bool | int | str | list[str]] = {}


class VerzoekVorm(AndersVorm):
    zetel: Woord
    rol: Woord
    handeling: Woord
    spoor: Woord
    regio: Woord
    datum: Datum
    categorie: Woord
    bron_zetel: Woord
    fase: int
    doel: Woord


class GevalVorm(Vorm):
    id: Woord
    regels: NietLeeg
    titel: Woord
    verzoek: VerzoekVorm
    verwacht: Literal["toegestaan", "geweigerd"]
    omdat: Woord
    bron: Woorden
    zekerheid: Woord
    paar: Woord | None = None
    verschil: Woord | None = None
    vorm: Woord | None = None
    masker: MaskerVorm | None = None
    verplichtingen: Woorden = []


class EigenGevalVorm(Vorm):
    id: Woord
    regel: Woord
    als: Woord
    titel: Woord
    anders: AndersVorm
    verwacht: Literal["toegestaan", "geweigerd"]
    vorm: Woord | None = None
    verplichtingen: Woorden = []


class KoppelvlakVorm(Vorm):
    """What the door is open for; a path may hold `*` for exactly one segment."""

    openbare_paden: list[Openbaarpad]
    aanmeldpaden: list[Openbaarpad]
    token_algoritmen: NietLeeg
    oin_begin: list[OinBegin]
    oin_proef: list[OinBegin]


REGIOBESTAND = TypeAdapter(RegiobestandVorm)
GEVALLEN = TypeAdapter(list[GevalVorm])
EIGEN_GEVALLEN = TypeAdapter(list[EigenGevalVorm])
NOG_NIET = TypeAdapter(dict[Woord, Woorden] | None)
TABELLEN: dict[str, TypeAdapter[Any]] = {
    "zetels": TypeAdapter(dict[Woord, ZetelVorm]),
    "instanties": TypeAdapter(dict[Woord, InstantieVorm]),
    "sporen": TypeAdapter(dict[Woord, SpoorVorm]),
    "categorieen": TypeAdapter(dict[Woord, CategorieVorm]),
    "handelingen": TypeAdapter(dict[Woord, HandelingVorm]),
    "omstandigheden": TypeAdapter(dict[Woord, OmstandigheidVorm]),
    "woordenlijst": TypeAdapter(WoordenlijstVorm),
    "register": TypeAdapter(RegisterVorm),
    "gronden": TypeAdapter(dict[Woord, GrondVorm]),
    "koppelvlak": TypeAdapter(KoppelvlakVorm),
    "bewaartermijnen": TypeAdapter(BewaartermijnenVorm),
    "terugroepen": TypeAdapter(TerugroepenVorm),
    "terugkoppelen": TypeAdapter(TerugkoppelenVorm),
    "plichten": TypeAdapter(PlichtenVorm),
    "verwijsroutes": TypeAdapter(VerwijsroutesVorm),
}
