"""A bundle travels as one file, and a file that is no bundle does no harm."""

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from hub.access import pakket
from hub.access.beleid import Beleid
from hub.access.bundel import BELEIDSMAP
from hub.access.pakket import PakketOngeldig, bestanden_van, inhoud_van, pak_in, pak_uit
from hub.access.ruw import LATER, lees_bestanden, lees_map, lees_pakket


def _zip(*bestanden: tuple[str, bytes], stored: bool = False) -> bytes:
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as zip:
        for naam, inhoud in bestanden:
            zip.writestr(zipfile.ZipInfo(naam), inhoud, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return uit.getvalue()


def test_package_is_the_same_each_time_and_wherever_the_folder_is(tmp_path: Path) -> None:
    kopie = Path(shutil.copytree(BELEIDSMAP, tmp_path / "elders"))
    (kopie / "zetels.yaml").touch()
    (kopie / ".verborgen").write_text("geen beleid")
    assert pak_in(kopie) == pak_in(BELEIDSMAP)


def test_packed_and_unpacked_it_is_the_same_bundle(tmp_path: Path) -> None:
    ingepakt = pak_in(BELEIDSMAP)
    pak_uit(ingepakt, tmp_path / "uit")
    gelezen, gepakt, uitgepakt = lees_map(BELEIDSMAP), lees_pakket(ingepakt), lees_map(tmp_path / "uit")
    assert gelezen.pakket == gepakt.pakket == uitgepakt.pakket
    assert gelezen.versie == gepakt.versie == uitgepakt.versie == Beleid.uit(gepakt, gevallen=False).versie


@pytest.mark.parametrize("naam", sorted(LATER))
def test_a_package_of_before_a_table_existed_still_loads_and_a_folder_without_it_does_not(naam: str) -> None:
    zonder = {bestand: inhoud for bestand, inhoud in bestanden_van(BELEIDSMAP).items() if bestand != f"{naam}.yaml"}
    pakket = _zip(*zonder.items())
    assert Beleid.uit(lees_pakket(pakket), gevallen=False).versie != Beleid.laad().versie
    assert [fout.bestand for fout in lees_bestanden(zonder).fouten] == [f"{naam}.yaml"]


def test_unpacking_never_writes_over_a_file(tmp_path: Path) -> None:
    pak_uit(_zip(("zetels.yaml", b"a")), tmp_path)
    with pytest.raises(FileExistsError):
        pak_uit(_zip(("zetels.yaml", b"b")), tmp_path)
    assert (tmp_path / "zetels.yaml").read_bytes() == b"a"


@pytest.mark.parametrize(
    "naam",
    [
        "../zetels.yaml", "/zetels.yaml", "convenanten/../../zetels.yaml", "gevallen/diep/er.yaml", "C:\\zetels.yaml",
        "zetels.py", ".yaml", "geheim/zetels.yaml", "convenanten/", "zetels.yaml\n", "\u202ezetels.yaml",
    ],
)  # fmt: skip
def test_file_that_belongs_in_no_bundle_is_refused_and_nothing_is_written(tmp_path: Path, naam: str) -> None:
    with pytest.raises(PakketOngeldig):
        pak_uit(_zip(("sporen.yaml", b"a"), (naam, b"b")), tmp_path / "uit")
    assert not (tmp_path / "uit").exists()


def test_too_much_of_anything_is_refused() -> None:
    bom = b"\0" * (pakket.GROOTSTE_BESTAND + 1)
    vol = b"\0" * pakket.GROOTSTE_BESTAND
    for bytes_ in (
        _zip(("zetels.yaml", bom)),
        _zip(*((f"gevallen/g{n}.yaml", vol) for n in range(pakket.GROOTSTE_SOM // pakket.GROOTSTE_BESTAND + 1))),
        _zip(*((f"gevallen/g{n}.yaml", b"") for n in range(pakket.MEESTE_BESTANDEN + 1))),
        _zip(*((f"g{n}.yaml", vol) for n in range(3)), stored=True),
    ):
        with pytest.raises(PakketOngeldig):
            inhoud_van(bytes_)


def test_bytes_that_are_no_package_are_refused() -> None:
    heel = _zip(("zetels.yaml", b"label: proef\n" * 100))
    with pytest.warns(UserWarning, match="Duplicate"):
        dubbel = _zip(("zetels.yaml", b"a"), ("zetels.yaml", b"b"))
    for bytes_ in (b"", b"PK", b"geen zip", heel[:-30], heel[:40] + b"\xff" * 8 + heel[48:], dubbel):
        with pytest.raises(PakketOngeldig):
            inhoud_van(bytes_)
