"""Between contract messages and what the ledger stores of them.

The open fields of a message stay readable. Every other field goes into a compartment: content of a part that
names its person (`betrokkene_id`) under that person's key, the rest under the keys of all persons the message
names. Every compartment lies under the key of its stream as well, so that a whole dossier can be destroyed
without touching what others recorded of the same person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar, cast
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from contracts.message import OPEN, Message, Part, category_of, part_type
from hub.ledger.envelope import Compartment, Place, Stored, opened, seal
from hub.ledger.keys import RandBytes, SubjectKeys
from hub.ledger.store import KeyId, NewEvent, Recorded

SUBJECT_FIELD = "betrokkene_id"
Upcast = Callable[[dict[str, Any]], dict[str, Any]]
Path = tuple[str | int, ...]
P = TypeVar("P", bound=Part)


class UnknownTopic(LookupError):
    """A stored event has a type that no contract of this version knows, nor any upcast."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A message as it can be read today.

    `lost`: destroyed keys that kept content of it. Where that is not empty, lost fields have their
    default, or None where they have none, whatever their type says.
    """

    message: Message
    lost: tuple[KeyId, ...] = ()


class Draft(NamedTuple):
    """An event for its place in a stream, not sealed yet. `key_ids`: the keys its compartments lie under."""

    place: Place
    open_part: bytes
    compartments: tuple[Compartment, ...]
    key_ids: set[KeyId]


class Layout(NamedTuple):
    """How a class of parts is stored: its fields by wire name."""

    open: tuple[str, ...]
    sealed: tuple[str, ...]
    parts: tuple[tuple[str, type[Part]], ...]
    subject: str | None


@cache
def layout(cls: type[Part]) -> Layout:
    """The layout of a class; a part without any open field is sealed whole."""
    names: dict[str, list[str]] = {"open": [], "sealed": []}
    parts, subject = [], None
    for name, field in cls.model_fields.items():
        alias = field.alias or name
        inner = part_type(field.annotation)
        if category_of(cls, name) == OPEN.categorie:
            names["open"].append(alias)
            subject = alias if name == SUBJECT_FIELD else subject
        elif inner is not None and _has_open(inner):
            parts.append((alias, inner))
        else:
            names["sealed"].append(alias)
    return Layout(tuple(names["open"]), tuple(names["sealed"]), tuple(parts), subject)


def _has_open(cls: type[Part]) -> bool:
    inner = layout(cls)
    return bool(inner.open or inner.parts)


class MessageMapper:
    """Seals messages into events and restores them.

    `types`: every contract class that may be stored. `upcasts`: old topic to (change of its wire form, next
    topic).
    """

    def __init__(
        self,
        types: Iterable[type[Message]],
        keys: SubjectKeys,
        randbytes: RandBytes,
        upcasts: Mapping[str, tuple[Upcast, str]] | None = None,
    ) -> None:
        self._types = {cls.TYPE: cls for cls in types}
        self._keys, self._randbytes, self._upcasts = keys, randbytes, dict(upcasts or {})
        for old in self._upcasts:
            self._class_of(old)

    def to_event(self, message: Message, stream: UUID, version: int, spoor: str) -> tuple[NewEvent, set[KeyId]]:
        """The event to append at this place, and the keys it lies under (for `SubjectKeys.pending`).

        Raises UnknownTopic; keys.Destroyed when it names a person whose key was destroyed.
        """
        draft = self.draft(message, stream, version, spoor)
        return self.seal(draft), draft.key_ids

    def draft(self, message: Message, stream: UUID, version: int, spoor: str) -> Draft:
        """The event before sealing: it tells which keys it needs, so that those of many are looked up at once.

        Raises UnknownTopic.
        """
        topic = type(message).TYPE
        if self._types.get(topic) is not type(message):
            raise UnknownTopic(f"{topic} is not a registered contract type")
        data = message.model_dump(mode="json", by_alias=True)
        open_part, contents = split(type(message), data)
        base = KeyId(stream, spoor)
        named = [KeyId(subject, spoor) for subject in contents if subject is not None]
        compartments = []
        for subject, content in contents.items():
            if content:
                owners = named if subject is None else [KeyId(subject, spoor)]
                compartments.append(Compartment((base, *owners), orjson.dumps(content)))
        used = {id for compartment in compartments for id in compartment.key_ids}
        return Draft(Place(topic, stream, version), orjson.dumps(open_part), tuple(compartments), used)

    def seal(self, draft: Draft) -> NewEvent:
        """The event to append. Raises keys.Destroyed."""
        keys = self._keys.get_many(draft.key_ids, create=True)
        state = seal(draft.open_part, draft.compartments, keys, self._randbytes, draft.place)
        return NewEvent(draft.place.topic, state)

    def to_message(self, event: Recorded) -> Restored:
        """What can be read of an event. Raises UnknownTopic, EnvelopeError."""
        return self.to_messages((event,))[0]

    def to_messages(self, events: Sequence[Recorded]) -> list[Restored]:
        """What can be read of events; all their keys are looked up at once."""
        stored = [opened(event.state) for event in events]
        keys = self._keys.get_many({id for one in stored for id in one.key_ids})
        return [self._restore(event, one, keys) for event, one in zip(events, stored, strict=True)]

    def _restore(self, event: Recorded, stored: Stored, keys: Mapping[KeyId, bytes | None]) -> Restored:
        cls = self._class_of(event.topic)
        contents = stored.contents(keys, Place(event.topic, event.stream, event.version))
        data = orjson.loads(stored.open_part)
        for content in contents:
            if content is not None:
                merge(data, orjson.loads(content))
        topic = event.topic
        while topic in self._upcasts:
            change, topic = self._upcasts[topic]
            data = change(data)
        if None not in contents:
            return Restored(cls.model_validate(data))
        lost = tuple(sorted(id for id in stored.key_ids if keys[id] is None))
        return Restored(salvage(cls, data), lost)

    def _class_of(self, topic: str) -> type[Message]:
        seen = [topic]
        while seen[-1] in self._upcasts:
            following = self._upcasts[seen[-1]][1]
            if following in seen:
                raise UnknownTopic(f"the upcasts of {topic} go round")
            seen.append(following)
        try:
            return self._types[seen[-1]]
        except KeyError:
            raise UnknownTopic(f"no contract type {seen[-1]}; was it renamed without an upcast?") from None


Contents = dict[UUID | None, list[tuple[Path, dict[str, Any]]]]


def split(cls: type[Part], data: dict[str, Any]) -> tuple[dict[str, Any], Contents]:
    """The open part of a wire form, and the sealed fields per person (None: of nobody in particular).

    Every person named in the message is a key of the contents, with or without fields.
    """
    contents: Contents = {None: []}
    return _split(cls, data, None, (), contents), contents


def _split(cls: type[Part], data: dict[str, Any], subject: UUID | None, path: Path, into: Contents) -> dict[str, Any]:
    form = layout(cls)
    if form.subject is not None and data[form.subject] is not None:
        subject = UUID(data[form.subject])
        into.setdefault(subject, [])
    if form.sealed:
        into[subject].append((path, {name: data[name] for name in form.sealed}))
    kept = {name: data[name] for name in form.open}
    for name, inner in form.parts:
        value = data[name]
        if isinstance(value, list):
            kept[name] = [_split(inner, item, subject, (*path, name, at), into) for at, item in enumerate(value)]
        elif value is not None:
            kept[name] = _split(inner, value, subject, (*path, name), into)
        else:
            kept[name] = None
    return kept


def merge(data: dict[str, Any], content: Iterable[tuple[Path, dict[str, Any]]]) -> None:
    """Put sealed fields back where they were."""
    for path, fields in content:
        target: Any = data
        for step in path:
            target = target[step]
        target.update(fields)


def salvage(cls: type[Message], data: dict[str, Any]) -> Message:
    """A message of which fields are lost for good: those get their default, or None."""
    return _salvaged(cls, data)


def _salvaged(cls: type[P], data: dict[str, Any]) -> P:
    values: dict[str, Any] = {}
    for name, field in cls.model_fields.items():
        alias = field.alias or name
        inner = part_type(field.annotation)
        if alias not in data:
            values[name] = None if field.is_required() else field.get_default(call_default_factory=True)
        elif inner is None or data[alias] is None:
            values[name] = _adapter(cls, name).validate_python(data[alias])
        elif isinstance(data[alias], list):
            values[name] = tuple(_salvaged(inner, item) for item in data[alias])
        else:
            values[name] = _salvaged(inner, data[alias])
    return cast(P, cls.model_construct(**values))


@cache
def _adapter(cls: type[Part], name: str) -> TypeAdapter[Any]:
    field = cls.model_fields[name]
    form: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    return TypeAdapter(form)
