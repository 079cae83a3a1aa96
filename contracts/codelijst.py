"""Code lists: the agreed words in which agencies write down what they see.

Each list is one JSON file in `codelijsten/`. Use in a contract:

    Uitbuitingsvorm = Annotated[str, Codewaarde("uitbuitingsvorm")]

The field then takes a code, an alias or a lapsed code and always holds the current code.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, JsonValue, PrivateAttr
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import no_info_after_validator_function, str_schema

_FOLDER = Path(__file__).parent / "codelijsten"
_NOT_A_LIST = "tegenstrijdigheden"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MAX_LENGTH = 200
_MAX_ENUM = 60


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Waarde(_Frozen):
    """One value of a list.

    `ouder`: broader code of the same list. `vervallen`: still understood, never written; `vervangen_door`
    names its successors, `lijst:code` when in another list. `onzeker`: concluded by us, not stated by a
    source. `bronnen`: `document:line` or law and article, see docs/begrippen.md. `kenmerken`: what else
    the list says of this value.
    """

    code: str
    label: str
    label_en: str
    definition: str
    ouder: str | None = None
    aliassen: tuple[str, ...] = ()
    vervallen: bool = False
    vervangen_door: tuple[str, ...] = ()
    reden: str | None = None
    onzeker: bool = False
    geldig_vanaf: date | None = None
    geldig_tot: date | None = None
    kenmerken: dict[str, JsonValue] = {}
    bronnen: tuple[str, ...] = ()

    def geldig_op(self, dag: date) -> bool:
        """Whether the value was in force on that day; `geldig_tot` is the last day with it."""
        begun = self.geldig_vanaf is None or self.geldig_vanaf <= dag
        return begun and (self.geldig_tot is None or dag <= self.geldig_tot)


class Codelijst(_Frozen):
    """A list of codes. `meerwaardig`: one thing may carry several of them at once."""

    naam: str
    titel: str
    title: str
    definition: str
    meerwaardig: bool
    geversioneerd: bool
    geldig_vanaf: date | None = None
    notes: tuple[str, ...] = ()
    waarden: tuple[Waarde, ...]

    _per_code: dict[str, Waarde] = PrivateAttr(default_factory=dict)
    _codes: tuple[str, ...] = PrivateAttr(default=())
    _current: dict[str, str] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Any, /) -> None:
        self._per_code.update((waarde.code, waarde) for waarde in self.waarden)
        self._codes = tuple(waarde.code for waarde in self.waarden if not waarde.vervallen)
        for waarde in self.waarden:
            code = self._successor(waarde) if waarde.vervallen else waarde.code
            if code is not None:
                self._current.update((_plain(word), code) for word in (waarde.code, *waarde.aliassen))

    def _successor(self, waarde: Waarde) -> str | None:
        """The one current code of this list that replaces a lapsed value; None where there is no such one."""
        match waarde.vervangen_door:
            case (code,) if code in self._per_code:
                return code
            case _:
                return None

    @property
    def codes(self) -> tuple[str, ...]:
        """The current codes, in the order of the list."""
        return self._codes

    def waarde(self, code: str) -> Waarde:
        """The value of a code as stored, lapsed or not. Raises KeyError."""
        return self._per_code[code]

    def herleid(self, waarde: str) -> str:
        """The current code of a code, alias or lapsed code, whatever its case.

        Raises ValueError with a Dutch sentence that never repeats what was given: it may be personal data.
        """
        code = self._current.get(waarde) or self._current.get(_plain(waarde))
        if code is None:
            raise ValueError(self._refusal(waarde))
        return code

    def omvat(self, breder: str, code: str) -> bool:
        """Whether `code` is `breder` itself or lies under it. Raises KeyError for an unknown code."""
        step: str | None = code
        while step is not None and step != breder:
            step = self._per_code[step].ouder
        return step is not None

    def _refusal(self, given: str) -> str:
        lapsed = self._per_code.get(_plain(given))
        if lapsed is not None:
            return (
                f"Deze code van de codelijst '{self.naam}' is vervallen en heeft geen enkelvoudige opvolger; "
                f"kies uit: {', '.join(lapsed.vervangen_door)}."
            )
        near = get_close_matches(_plain(given[:_MAX_LENGTH]).replace(" ", "-"), self._codes, n=3, cutoff=0.5)
        sentence = f"Deze waarde staat niet in de codelijst '{self.naam}'."
        return f"{sentence} Het dichtst in de buurt: {', '.join(near)}." if near else sentence


def _plain(word: str) -> str:
    return " ".join(word.lower().split())


@cache
def codelijstnamen() -> tuple[str, ...]:
    """The names of all lists, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json") if path.stem != _NOT_A_LIST))


@cache
def codelijst(naam: str) -> Codelijst:
    """The list of that name, read once. Raises LookupError for a name that is no list."""
    if naam == _NOT_A_LIST or not _NAME.fullmatch(naam):
        raise LookupError("Deze codelijst bestaat niet.")
    try:
        content = (_FOLDER / f"{naam}.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LookupError("Deze codelijst bestaat niet.") from None
    return Codelijst.model_validate(json.loads(content))


@dataclass(frozen=True, slots=True)
class Codewaarde:
    """Marks a text field as a code of one list. Raises LookupError when the model is built on no list."""

    lijst: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        known = codelijst(self.lijst)

        def resolve(given: str) -> str:
            try:
                return known.herleid(given)
            except ValueError as refusal:
                raise PydanticCustomError("codelijst", "{melding}", {"melding": str(refusal)}) from None

        return no_info_after_validator_function(resolve, str_schema(max_length=_MAX_LENGTH, strip_whitespace=True))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The current codes as `enum` while they are few; always the name of the list as `x-codelijst`."""
        known = codelijst(self.lijst)
        answer: JsonSchemaValue = {"type": "string", "x-codelijst": self.lijst, "title": known.titel}
        if len(known.codes) <= _MAX_ENUM:
            return {**answer, "enum": list(known.codes)}
        return {**answer, "maxLength": _MAX_LENGTH}
