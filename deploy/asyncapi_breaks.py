"""What breaks a partner between two AsyncAPI documents."""

from collections.abc import Iterator, Mapping
from typing import Any

Document = Mapping[str, Any]
#: Whether a field is required, by its path in a message.
Fields = dict[str, bool]


def breaks(old: Document, new: Document) -> list[str]:
    """Each break on its own line: a channel, message or field that is gone, or a field that must be given now.

    Of what the hub sends, also a field that need not be there any longer.
    """
    found: list[str] = []
    for name, channel in old["channels"].items():
        other = new["channels"].get(name)
        if other is None:
            found.append(f"channel {name} is gone")
        elif other["address"] != channel["address"]:
            found.append(f"channel {name} is at another address: {other['address']}")
        else:
            found += _in_channel(name, old, new)
    return found


def allowed(old: str, new: str) -> bool:
    """Whether a step of version may break: a higher major, or before 1.0 a higher minor."""
    before, now = _version(old), _version(new)
    return now[0] > before[0] or (now[0] == before[0] == 0 and now[1] > before[1])


def _in_channel(name: str, old: Document, new: Document) -> Iterator[str]:
    received = any(
        one["action"] == "receive" and one["channel"]["$ref"].endswith(f"/{name}") for one in new["operations"].values()
    )
    for message, place in old["channels"][name]["messages"].items():
        other = new["channels"][name]["messages"].get(message)
        if other is None:
            yield f"message {message} of channel {name} is gone"
            continue
        before, now = _fields(old, _at(old, place)["payload"]), _fields(new, _at(new, other)["payload"])
        for fault in _between(before, now, received):
            yield f"message {message} of channel {name}: {fault}"


def _between(before: Fields, now: Fields, received: bool) -> Iterator[str]:
    for path, required in before.items():
        if path not in now:
            yield f"field {path} is gone"
        elif required and not now[path] and not received:
            yield f"field {path} need not be there any longer"
    for path, required in now.items():
        parent_was_there = path.rpartition(".")[0] in ("", *before)
        if received and required and parent_was_there and not before.get(path, False):
            yield f"field {path} must be given now"


def _fields(document: Document, schema: Mapping[str, Any]) -> Fields:
    found: Fields = {}
    _collect(document, schema, "", found, ())
    return found


def _collect(document: Document, schema: Mapping[str, Any], path: str, found: Fields, within: tuple[str, ...]) -> None:
    if "$ref" in schema:
        if schema["$ref"] not in within:
            _collect(document, _at(document, schema), path, found, (*within, schema["$ref"]))
        return
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        _collect(document, part, path, found, within)
    if isinstance(schema.get("items"), Mapping):
        _collect(document, schema["items"], path, found, within)
    for name, inner in schema.get("properties", {}).items():
        at = f"{path}.{name}".lstrip(".")
        found[at] = found.get(at, False) or name in schema.get("required", ())
        _collect(document, inner, at, found, within)


def _at(document: Document, reference: Mapping[str, Any]) -> Any:
    place: Any = document
    for part in reference["$ref"].removeprefix("#/").split("/"):
        place = place[part]
    return place


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
