"""Where something stands in the policy folder, so that every fault names its file and line."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import yaml

# The C parser reads the tables ten times faster and is as safe.
LEZER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEKST = "tag:yaml.org,2002:str"
SLEUTELS = (TEKST, "tag:yaml.org,2002:int")
DIEPST = 32
MEESTE_KNOPEN = 400_000


@dataclass(frozen=True, slots=True, order=True)
class Fout:
    """One fault of a bundle; as text `bestand:regel: reden`."""

    bestand: str
    regel: int
    reden: str

    def __str__(self) -> str:
        return f"{self.bestand}:{self.regel}: {self.reden}"


@dataclass(frozen=True, slots=True)
class Plek:
    """A place in a file, and what a reader calls it. A step that does not exist stays where it is."""

    bestand: str
    regel: int = 1
    naam: str = ""
    knoop: yaml.Node | None = None

    def bij(self, *pad: object) -> "Plek":
        """The place under some keys (text) and positions in lists (whole numbers)."""
        hier = self
        for stap in pad:
            hier = hier._onder(stap)
        return hier

    def waarde(self, waarde: object) -> "Plek":
        """The place of the list item or the key with this value, at any depth; here where there is none."""
        gevonden = next((knoop for knoop in _scalars(self.knoop) if knoop.value == str(waarde)), None)
        return self if gevonden is None else replace(self, regel=gevonden.start_mark.line + 1)

    def genaamd(self, naam: str) -> "Plek":
        """The same place under the name a reader knows it by."""
        return replace(self, naam=naam)

    def fout(self, reden: str) -> Fout:
        """A fault at this place."""
        return Fout(self.bestand, self.regel, f"{self.naam}: {reden}" if self.naam else reden)

    def _onder(self, stap: object) -> "Plek":
        if isinstance(self.knoop, yaml.MappingNode):
            for sleutel, waarde in self.knoop.value:
                if sleutel.value == str(stap):
                    return replace(self, regel=sleutel.start_mark.line + 1, knoop=waarde)
        elif isinstance(self.knoop, yaml.SequenceNode) and isinstance(stap, int) and stap < len(self.knoop.value):
            knoop = self.knoop.value[stap]
            return replace(self, regel=knoop.start_mark.line + 1, knoop=knoop)
        return self


def onbekend(plek: Plek, wat: str, gevonden: Iterator[Any] | Any, bekend: Any) -> Iterator[Fout]:
    """A fault for each name that is not known, with the name that was probably meant."""
    bekende = set(bekend)
    for naam in gevonden:
        if naam not in bekende:
            yield plek.waarde(naam).fout(f"onbekende {wat} {naam!r}{_bedoeld(naam, bekende)}")


def lees_yaml(bestand: str, inhoud: bytes, fouten: list[Fout]) -> tuple[Any, Plek]:
    """The content of a YAML file and the place of its root; what cannot be read is a fault and gives None."""
    begin = Plek(bestand)
    try:
        tekst = inhoud.decode("utf-8")
        # The parser composes recursively in C: only a text that is not too deep may get there.
        if _diepte(tekst) > DIEPST:
            raise yaml.constructor.ConstructorError(problem=f"dieper dan {DIEPST} lagen")
        knoop = yaml.compose(tekst, Loader=LEZER)
        plek = Plek(bestand, knoop=knoop)
        return (None if knoop is None else _Bouwer(plek, fouten).bouw(knoop)), plek
    except UnicodeDecodeError:
        fouten.append(begin.fout("geen UTF-8"))
    except yaml.MarkedYAMLError as fout:
        regel = fout.problem_mark.line + 1 if fout.problem_mark else 1
        fouten.append(Fout(bestand, regel, f"onleesbaar: {fout.problem or fout.context}"))
    except yaml.YAMLError as fout:
        fouten.append(begin.fout(f"onleesbaar: {str(fout).splitlines()[0]}"))
    return None, begin


class _Bouwer:
    """Turns nodes into plain values; a double key is a fault, an alias counts each time it is used."""

    def __init__(self, plek: Plek, fouten: list[Fout]) -> None:
        self._plek = plek
        self._fouten = fouten
        self._vast = yaml.constructor.SafeConstructor()
        self._knopen = 0

    def bouw(self, knoop: yaml.Node) -> Any:
        self._knopen += 1
        if self._knopen > MEESTE_KNOPEN:
            raise yaml.constructor.ConstructorError(problem="te veel waarden", problem_mark=knoop.start_mark)
        if isinstance(knoop, yaml.MappingNode):
            return self._paren(knoop)
        if isinstance(knoop, yaml.SequenceNode):
            return [self.bouw(kind) for kind in knoop.value]
        return self._waarde(knoop)

    def _waarde(self, knoop: yaml.Node) -> Any:
        return knoop.value if knoop.tag == TEKST else self._vast.construct_object(knoop)

    def _paren(self, knoop: yaml.MappingNode) -> dict[Any, Any]:
        paren: dict[Any, Any] = {}
        for links, rechts in knoop.value:
            if not isinstance(links, yaml.ScalarNode) or links.tag not in SLEUTELS:
                raise yaml.constructor.ConstructorError(
                    problem="een sleutel is een woord of een getal", problem_mark=links.start_mark
                )
            sleutel = self._waarde(links)
            if sleutel in paren:
                regel = links.start_mark.line + 1
                self._fouten.append(Fout(self._plek.bestand, regel, f"sleutel {sleutel!r} staat er twee keer"))
            paren[sleutel] = self.bouw(rechts)
        return paren


def _diepte(tekst: str) -> int:
    diepste = diepte = 0
    for gebeurtenis in yaml.parse(tekst, Loader=LEZER):
        if isinstance(gebeurtenis, yaml.CollectionStartEvent):
            diepte += 1
            diepste = max(diepste, diepte)
        elif isinstance(gebeurtenis, yaml.CollectionEndEvent):
            diepte -= 1
        if diepste > DIEPST:
            break
    return diepste


def _scalars(knoop: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(knoop, yaml.ScalarNode):
        yield knoop
    elif isinstance(knoop, yaml.SequenceNode):
        for kind in knoop.value:
            yield from _scalars(kind)
    elif isinstance(knoop, yaml.MappingNode):
        for sleutel, waarde in knoop.value:
            yield sleutel
            yield from _scalars(waarde)


def _bedoeld(naam: object, bekende: set[Any]) -> str:
    lijkt = get_close_matches(str(naam), [str(b) for b in bekende], n=1, cutoff=0.8)
    return f" (bedoeld: {lijkt[0]!r}?)" if lijkt else ""
