"""The form of everything that travels: frozen, closed, and every field tagged with its data category."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    NamedTuple,
    Self,
    Union,
    get_args,
    get_origin,
)

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


@dataclass(frozen=True, slots=True)
class Gegeven:
    """The data category of one field, a code of the list gegevenscategorie. Source: Bgs art. 2.15; WGS art. 2.30."""

    categorie: str


#: No personal content: identifiers of the hub, codes of procedure, moments of recording.
OPEN = Gegeven("geen")

#: For decisions alone: sealed like content, of no category of any track, and never in a disclosure.
BESLOTEN = Gegeven("besloten")

#: The field belongs to an element that names its own category in its field `categorie`.
EIGEN = Gegeven("eigen-categorie")

Tijdstip = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(UTC))]
"""A moment; any offset is accepted, UTC is kept and answered."""


class UntaggedField(TypeError):
    """A contract class has a field without a data category; it cannot be built."""


class Part(BaseModel):
    """A piece of a message. Unknown fields are refused; each field carries its category or is itself a part."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=to_camel,
        populate_by_name=True,
        str_strip_whitespace=True,
        str_max_length=20_000,
    )

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Raises UntaggedField."""
        super().__pydantic_init_subclass__(**kwargs)
        for name, field in cls.model_fields.items():
            tags = [mark for mark in field.metadata if isinstance(mark, Gegeven)]
            if len(tags) != 1 and part_type(field.annotation) is None:
                raise UntaggedField(f"{cls.__name__}.{name} has {len(tags)} data categories; give it exactly one")


def part_type(annotation: Any) -> type[Part] | None:
    """The part inside a field type such as `Part`, `Part | None` or `tuple[Part, ...]`; None for a plain value."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    if get_origin(annotation) in (Union, UnionType, tuple, Annotated):
        for inner in get_args(annotation):
            if inner not in (NoneType, Ellipsis) and (found := part_type(inner)) is not None:
                return found
    return None


def category_of(cls: type[Part], name: str) -> str | None:
    """The data category of a field, None where the field is itself a part."""
    for mark in cls.model_fields[name].metadata:
        if isinstance(mark, Gegeven):
            return mark.categorie
    return None


@cache
def _categories_of(cls: type[Part]) -> tuple[tuple[str, str | None], ...]:
    """The fields that may tell a category: a code, or None for a part."""
    fields = ((name, category_of(cls, name)) for name in cls.model_fields)
    return tuple(one for one in fields if one[1] not in (OPEN.categorie, BESLOTEN.categorie))


def categories_in(part: Part) -> Iterator[str]:
    """The data categories of all fields that hold a value, with repeats, without `geen` and `besloten`."""
    for name, category in _categories_of(type(part)):
        value = getattr(part, name)
        if value is None or value == ():
            continue
        if category == EIGEN.categorie:
            yield str(getattr(part, "categorie"))  # noqa: B009 - only parts with EIGEN fields have it
        elif category is None:
            for inner in value if isinstance(value, tuple) else (value,):
                yield from categories_in(inner)
        else:
            yield category


class Message(Part):
    """A command or an event, known outside by its contract name, never by a Python path."""

    TYPE: ClassVar[str]


class Command(Message):
    """What a seat asks of the hub. The seat and the moment come from the token and the clock, not from the body."""


class Acted(NamedTuple):
    """Which seat acted, and when."""

    zetel: str
    tijdstip: datetime


class Event(Message):
    """What has happened, as recorded for good.

    `zetel`: the seat that acted. `tijdstip`: moment of recording, UTC.
    """

    zetel: Annotated[str, OPEN]
    tijdstip: Annotated[Tijdstip, OPEN]

    @classmethod
    def recorded(cls, command: Message, who: "Acted", **more: Any) -> Self:
        """The event that follows a command: its fields of the same name, who acted and when, and what is decided."""
        shared = {name: getattr(command, name) for name in _shared(type(command), cls)}
        return cls.model_validate(shared | {"zetel": who.zetel, "tijdstip": who.tijdstip} | more)


@cache
def _shared(command: type[Message], event: type[Event]) -> tuple[str, ...]:
    """The fields that both have."""
    return tuple(name for name in command.model_fields if name in event.model_fields)


def now_utc() -> datetime:
    """The real clock; bound once in main, an argument everywhere else."""
    return datetime.now(UTC)
