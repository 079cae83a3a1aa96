"""A trial region as text: one file of the folder `convenanten/`."""

KOP = """  naam: Proefconvenant
  soort: zorg
  persoonsgegevens: ja
  bron: [proef]
"""


def convenant(naam: str, vanaf: str = "null", tot: str = "null", **meer: str) -> str:
    """A covenant of the trial region; a date is given with its quotes."""
    vast = {"spoor": "zorg-en-registratie", "regio": "proefstad", "partijen": "[]"}
    velden = vast | {"geldig_vanaf": vanaf, "geldig_tot": tot} | meer
    return f"- id: {naam}\n{KOP}" + "".join(f"  {sleutel}: {waarde}\n" for sleutel, waarde in velden.items())


def regiobestand(*convenanten: str, gebieden: str = "[noord, zuid]") -> str:
    """The file of a trial region."""
    return f"regios:\n  proefstad: {{naam: Proefstad, gebieden: {gebieden}}}\nconvenanten:\n" + "".join(convenanten)
