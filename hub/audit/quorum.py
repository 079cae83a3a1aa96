"""Which logs and witnesses are trusted, and how many of them must have cosigned; a policy file.

Belongs to the verifier: it brings nothing of the hub along but the keys of `evidence.py`.

Source: C2SP tlog-policy (c2sp.org/tlog-policy).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from hub.audit.evidence import COSIGNS, SIGNS, Key

NONE = "none"
_LARGEST = 256 * 1024
_COUNT = re.compile(r"[1-9][0-9]{0,3}")


class PolicyRefused(ValueError):
    """A policy file that cannot be read. `faults`: every one, with its line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness: its key, and where it answers. A witness bears a `name` within the file."""

    name: str
    key: Key
    url: str | None


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """Whose signatures count. `groups`: how many of which members; `quorum`: a witness, a group or `none`."""

    logs: tuple[Party, ...] = ()
    witnesses: Mapping[str, Party] = field(default_factory=dict)
    groups: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    quorum: str = NONE

    def met(self, cosigned: Collection[Key]) -> bool:
        """Whether these keys together are enough."""
        return self.quorum == NONE or self._witnessed(self.quorum, cosigned)

    def rule(self) -> str:
        """The quorum in one line, such as `2 van (politie, gemeente, coa)`."""
        return self._said(self.quorum)

    def _witnessed(self, name: str, cosigned: Collection[Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].key in cosigned
        needed, members = self.groups[name]
        return sum(self._witnessed(member, cosigned) for member in members) >= needed

    def _said(self, name: str) -> str:
        if name not in self.groups:
            return "geen" if name == NONE else name
        needed, members = self.groups[name]
        return f"{needed} van ({', '.join(map(self._said, members))})"


def parse_policy(content: bytes) -> TrustPolicy:
    """A policy file. Raises PolicyRefused with every fault at once."""
    allowed = all((octet >= 0x20 and octet != 0x7F) or octet in (0x09, 0x0A) for octet in content)
    if len(content) > _LARGEST or not allowed:
        raise PolicyRefused([f"a policy holds no control characters and at most {_LARGEST} bytes"])
    reader = _Reader()
    # Names are octets: latin-1 maps each to one character and back, whatever the file meant by them.
    for number, line in enumerate(content.decode("latin-1").split("\n"), start=1):
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if words and not words[0].startswith("#"):
            try:
                reader.read(words)
            except ValueError as fault:
                reader.faults.append(f"line {number}: {fault}")
    if reader.quorum is None and not any("quorum" in fault for fault in reader.faults):
        reader.faults.append("there is no quorum line")
    if reader.faults:
        raise PolicyRefused(reader.faults)
    return TrustPolicy(tuple(reader.logs), reader.witnesses, reader.groups, reader.quorum or NONE)


class _Reader:
    def __init__(self) -> None:
        self.logs: list[Party] = []
        self.witnesses: dict[str, Party] = {}
        self.groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.quorum: str | None = None
        self.faults: list[str] = []
        self._members: set[str] = set()

    def read(self, words: Sequence[str]) -> None:
        """One line. Raises ValueError."""
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                party = Party("", _key(vkey, SIGNS), words[2] if len(words) == 3 else None)
                _fresh(party, self.logs)
                self.logs.append(party)
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._free(name)
                party = Party(name, _key(vkey, COSIGNS), words[3] if len(words) == 4 else None)
                _fresh(party, self.witnesses.values())
                self.witnesses[name] = party
            case ["group", name, count, *members] if members:
                self._group(name, count, members)
            case ["quorum", name]:
                if self.quorum is not None:
                    raise ValueError("a second quorum line")
                if name != NONE and name not in self.witnesses and name not in self.groups:
                    raise ValueError(f"the quorum {name} is not defined before it")
                self.quorum = name
            case _:
                raise ValueError(f"not a line of a policy: {words[0]}")

    def _group(self, name: str, count: str, members: Sequence[str]) -> None:
        self._free(name)
        needed = {"any": 1, "all": len(members)}.get(count, int(count) if _COUNT.fullmatch(count) else 0)
        if not 1 <= needed <= len(members):
            raise ValueError(f"group {name} asks {count} of {len(members)}")
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise ValueError(f"member {member} is not defined before its group")
            if member in self._members:
                raise ValueError(f"{member} is a member twice")
            self._members.add(member)
        self.groups[name] = (needed, tuple(members))

    def _free(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise ValueError(f"the name {name} is taken")


def _key(vkey: str, kind: int) -> Key:
    try:
        key = Key.parse(vkey)
    except ValueError:
        key = None
    if key is None or key.kind != kind:
        raise ValueError("no verifier key of the kind this line needs")
    return key


def _fresh(party: Party, others: Collection[Party]) -> None:
    if any(other.key.public == party.key.public for other in others):
        raise ValueError("a key stands there twice")
