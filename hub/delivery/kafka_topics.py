"""Which topic an agency brings its messages to, and in which of its seats it then speaks.

Kafka's own access control makes sure that only that agency writes there; see docs/trust.md.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

SUFFIX = ".topics.json"
_FILE = re.compile(r"(?P<oin>[0-9]{20})\.(?P<systeem>[a-z0-9-]{1,60})" + re.escape(SUFFIX))
_CLIENT = re.compile(r"[0-9]{20}:[a-z0-9-]{1,60}")


class TopicsInvalid(Exception):
    """A file of topics is not readable, or two name the same topic. The message names the file only."""


@dataclass(frozen=True, slots=True)
class Aanlevertopic:
    """A topic of one client. `oin`: its organisation; `zetel`: the seat in which it speaks there.

    `ontvangsten`: whether it gets a receipt for every message, on a topic of its own.
    """

    naam: str
    zetel: str
    oin: str
    client: str
    ontvangsten: bool = False

    @property
    def quarantaine(self) -> str:
        """Where messages go that the ledger did not take."""
        return self.naam + ".quarantaine"

    @property
    def ontvangstentopic(self) -> str:
        """Where the receipts go."""
        return self.naam + ".ontvangsten"


def topic_of(prefix: str, soort: str, zetel: str) -> str:
    """The usual name of a topic of a seat: `signaalhub.aanlevering.gemeente.af-oov.ede` for gemeente.af-oov@ede.

    No seat has a dot in its area, so that two seats never share a topic.
    """
    return f"{prefix}.{soort}.{zetel.replace('@', '.')}"


class TopicFolder:
    """Topics from `<oin>.<systeem>.topics.json` in the folder of clients; a file that is added counts soon.

    Content: `{"aanleveren": {"<topic>": {"zetel": "<seat>", "ontvangsten": true}}}`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def topics(self) -> Mapping[str, Aanlevertopic]:
        """By name. Raises TopicsInvalid."""
        found: dict[str, Aanlevertopic] = {}
        for path in sorted(self._folder.glob("*" + SUFFIX)):
            for topic in _read(path):
                if topic.naam in found:
                    raise TopicsInvalid(f"{path.name}: een topic hoort bij een systeem en een zetel")
                found[topic.naam] = topic
        return found

    def add(self, client: str, topic: str, zetel: str, ontvangsten: bool) -> Aanlevertopic:
        """Give a client (`<oin>:<systeem>`) a topic. Raises ValueError for an id that cannot be one, TopicsInvalid."""
        if _CLIENT.fullmatch(client) is None:
            raise ValueError("a client id is an OIN of 20 digits and a system name in lower case")
        oin, _, systeem = client.partition(":")
        path = self._folder / f"{oin}.{systeem}{SUFFIX}"
        known = {one.naam: one for one in _read(path)} if path.exists() else {}
        known[topic] = Aanlevertopic(topic, zetel, oin, client, ontvangsten)
        named = {one.naam: {"zetel": one.zetel, "ontvangsten": one.ontvangsten} for one in known.values()}
        self._folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.write_bytes(orjson.dumps({"aanleveren": named}, option=orjson.OPT_INDENT_2))
        draft.replace(path)
        return known[topic]


def _read(path: Path) -> list[Aanlevertopic]:
    found = _FILE.fullmatch(path.name)
    try:
        if found is None:
            raise ValueError
        named = orjson.loads(path.read_bytes())["aanleveren"]
        client = f"{found['oin']}:{found['systeem']}"
        return [
            Aanlevertopic(name, str(one["zetel"]), found["oin"], client, bool(one.get("ontvangsten", False)))
            for name, one in named.items()
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise TopicsInvalid(f"{path.name}: dit bestand met topics is niet te lezen") from None
