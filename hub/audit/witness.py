"""A witness: remembers how long each log was, and cosigns only what continues it.

One file, for whoever runs it: it needs Python and `cryptography`, nothing of the hub. It never cosigns two
histories of one log, also not after a crash: what it cosigns is durable before it answers. That holds as long as
its folder survives: a witness that lost its database must be replaced by one with a new key.

    python witness.py FOLDER --name politie.example/getuige --log VKEY --port 8010

Source: C2SP tlog-witness, tlog-cosignature, signed-note (c2sp.org); RFC 6962, 2.1.2.
"""

import argparse
import base64
import binascii
import os
import re
import sqlite3
import struct
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LARGEST_REQUEST = 128 * 1024
MOST_HASHES = 63
EVIDENCE_PER_LOG = 1_000
SIGNS, COSIGNS = b"\x01", b"\x04"
TEXT, SIZE_TYPE = "text/plain; charset=utf-8", "text/x.tlog.size"
_NUMBER = re.compile(rb"0|[1-9][0-9]{0,18}")
_TABLES = (
    "create table if not exists cosigned (origin text primary key, size integer not null, root blob not null,"
    " note blob not null)",
    "create table if not exists refused (origin text not null, note blob not null, known blob not null,"
    " seconds integer not null, primary key (origin, note))",
)


class Refused(Exception):
    """A request that is not cosigned. `status`: as tlog-witness prescribes."""

    def __init__(self, status: int, body: str, kind: str = TEXT) -> None:
        super().__init__(body)
        self.status, self.body, self.kind = status, f"{body}\n".encode(), kind


@dataclass(frozen=True, slots=True)
class LogKey:
    """A key that a log signs with. `id`: the first four bytes of its hash."""

    name: str
    id: bytes
    public: Ed25519PublicKey

    @classmethod
    def parse(cls, vkey: str) -> "LogKey":
        """ValueError where it is no Ed25519 verifier key of a log."""
        name, key_id, encoded = vkey.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
        digest = sha256(f"{name}\n".encode() + raw).digest()[:4]
        if len(raw) != 33 or raw[:1] != SIGNS or digest.hex() != key_id:
            raise ValueError(f"{name} has no Ed25519 key of a log, or its parts do not belong together")
        return cls(name, digest, Ed25519PublicKey.from_public_bytes(raw[1:]))


@dataclass(frozen=True, slots=True)
class Submission:
    """What a log asks: cosign this checkpoint, which continues the one of `old` leaves by this proof."""

    old: int
    proof: tuple[bytes, ...]
    origin: str
    size: int
    root: bytes
    text: bytes
    lines: tuple[bytes, ...]

    @classmethod
    def parse(cls, body: bytes) -> "Submission":
        """Raises Refused 400."""
        try:
            head, separator, note = body.partition(b"\n\n")
            text, end, signatures = note.rpartition(b"\n\n")
            first, *hashes = head.split(b"\n")
            lines = text.split(b"\n")
            origin, size, root = lines[:3]
            proof = tuple(_decoded(one, 32) for one in hashes)
            whole = separator and end and signatures.endswith(b"\n") and all(lines)
            if not whole or len(proof) > MOST_HASHES or not first.startswith(b"old ") or _unprintable(body):
                raise ValueError
            return cls(
                _number(first[4:]),
                proof,
                origin.decode(),
                _number(size),
                _decoded(root, 32),
                text + b"\n",
                tuple(signatures[:-1].split(b"\n")),
            )
        except ValueError:
            raise Refused(400, "the request is not an old size, a proof and a checkpoint") from None

    def trusted_lines(self, keys: Sequence[LogKey]) -> list[bytes]:
        """The signature lines of these keys. Raises Refused 403 where there is none, or one is false."""
        known = {(key.name, key.id): key for key in keys}
        found = []
        for line in self.lines:
            name, blob = _signature(line)
            key = known.get((name, blob[:4]))
            if key is not None:
                try:
                    key.public.verify(blob[4:], self.text)
                except InvalidSignature:
                    raise Refused(403, "a signature of the log is false") from None
                found.append(line)
        if not found:
            raise Refused(403, "the checkpoint is not signed by a trusted key of the log")
        return found


class Witness:
    """Cosigns for the logs it was told of. `clock`: POSIX seconds. Raises ValueError where the folder is not whole."""

    def __init__(self, folder: Path, name: str, logs: Sequence[str], clock: Callable[[], float] = time.time) -> None:
        if not name or "+" in name or any(one.isspace() for one in name):
            raise ValueError("the name of a witness is not empty and holds no space and no plus sign")
        self._name, self._clock = name, clock
        self._logs: dict[str, list[LogKey]] = {}
        for key in map(LogKey.parse, logs):
            self._logs.setdefault(key.name, []).append(key)
        self._database = folder / "witness.sqlite"
        self._key = self._opened(folder)
        raw = COSIGNS + self._key.public_key().public_bytes_raw()
        self._key_id = sha256(f"{name}\n".encode() + raw).digest()[:4]
        self.vkey = f"{name}+{self._key_id.hex()}+{base64.b64encode(raw).decode()}"

    def _opened(self, folder: Path) -> Ed25519PrivateKey:
        """The key, made together with the database: an old key beside an empty database could cosign anything."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "witness.key"
        if path.exists() and not self._database.exists():
            raise ValueError("the database of this witness is gone: start anew, with a new key and name")
        with self._transaction() as database:
            for table in _TABLES:
                database.execute(table)
        if not path.exists():
            seed = Ed25519PrivateKey.generate().private_bytes_raw()
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(seed)
                file.flush()
                os.fsync(file.fileno())
        if path.stat().st_mode & 0o077:
            raise ValueError(f"{path.name} may be read by others: make its mode 0600 and replace the key")
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One writer at a time, over all threads and processes; durable when it ends."""
        database = sqlite3.connect(self._database, isolation_level=None, timeout=30)
        try:
            database.execute("pragma synchronous = extra")
            database.execute("begin immediate")
            yield database
            database.execute("commit")
        finally:
            database.close()

    def add_checkpoint(self, body: bytes) -> bytes:
        """The cosignature line for a submitted checkpoint. Raises Refused."""
        asked = Submission.parse(body)
        keys = self._logs.get(asked.origin)
        if keys is None:
            raise Refused(404, "this witness does not know the log")
        lines = asked.trusted_lines(keys)
        if asked.old > asked.size:
            raise Refused(400, "the old size is larger than the checkpoint")
        with self._transaction() as database:
            query = "select size, root, note from cosigned where origin = ?"
            size, root, note = database.execute(query, (asked.origin,)).fetchone() or (0, sha256(b"").digest(), b"")
            if asked.old != size:
                raise Refused(409, str(size), SIZE_TYPE)
            consistent = _continues(asked, root)
            if consistent:
                cosigned = self._cosigned(asked.text)
                whole = b"\n".join((asked.text, *lines, cosigned))
                row = (asked.origin, asked.size, asked.root, whole)
                database.execute("insert or replace into cosigned values (?, ?, ?, ?)", row)
            else:
                self._keep(database, asked, lines, note)
        if not consistent:
            raise Refused(422, "the checkpoint does not continue the one that was cosigned")
        return cosigned

    def _keep(self, database: sqlite3.Connection, asked: Submission, lines: Sequence[bytes], known: bytes) -> None:
        """A log that signed what does not continue its past has proved its own misbehaviour."""
        query = "select count(*) from refused where origin = ?"
        if database.execute(query, (asked.origin,)).fetchone()[0] < EVIDENCE_PER_LOG:
            row = (asked.origin, b"\n".join((asked.text, *lines, b"")), known, int(self._clock()))
            database.execute("insert or ignore into refused values (?, ?, ?, ?)", row)

    def _cosigned(self, text: bytes) -> bytes:
        seconds = int(self._clock())
        signature = self._key.sign(f"cosignature/v1\ntime {seconds}\n".encode() + text)
        blob = self._key_id + struct.pack(">Q", seconds) + signature
        return f"\u2014 {self._name} {base64.b64encode(blob).decode()}\n".encode()

    def checkpoint(self, origin_hash: str) -> bytes | None:
        """The latest checkpoint cosigned for the log with this hash of its origin (hexadecimal), None without one."""
        for origin in self._logs:
            if sha256(origin.encode()).hexdigest() == origin_hash:
                with self._transaction() as database:
                    row = database.execute("select note from cosigned where origin = ?", (origin,)).fetchone()
                return bytes(row[0]) if row else None
        return None

    def refused(self) -> list[tuple[str, bytes, bytes]]:
        """Evidence against logs: origin, the signed checkpoint that was refused, the one that was known."""
        with self._transaction() as database:
            return database.execute("select origin, note, known from refused order by seconds").fetchall()


def _continues(asked: Submission, root: bytes) -> bool:
    """Whether the checkpoint begins with the `asked.old` leaves of this root. Source: RFC 9162, 2.1.4.2."""
    if asked.size == 0 and asked.root != sha256(b"").digest():
        return False
    if asked.old in (0, asked.size):
        return not asked.proof and (asked.old == 0 < asked.size or asked.root == root)
    steps = list(asked.proof) if asked.old & (asked.old - 1) else [root, *asked.proof]
    position, last = asked.old - 1, asked.size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if not steps:
        return False
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            before, after = _node(step, before), _node(step, after)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            after = _node(after, step)
        position, last = position >> 1, last >> 1
    return last == 0 and before == root and after == asked.root


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _number(text: bytes) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return int(text)


def _decoded(encoded: bytes, length: int) -> bytes:
    raw = binascii.a2b_base64(encoded, strict_mode=True)
    if len(raw) != length or base64.b64encode(raw) != encoded:
        raise ValueError
    return raw


def _unprintable(body: bytes) -> bool:
    return any(one < 0x20 and one != 0x0A for one in body)


def _signature(line: bytes) -> tuple[str, bytes]:
    """Name, and key id with signature. Raises Refused 400."""
    try:
        dash, name, encoded = line.decode().split(" ")
        blob = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:
        raise Refused(400, "a signature line reads dash, name, base64") from None
    if dash != "\u2014" or not name or len(blob) < 5:
        raise Refused(400, "a signature line reads dash, name, base64")
    return name, blob


class Door(BaseHTTPRequestHandler):
    """The HTTP interface of a witness; submission and monitoring prefix are the root."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    witness: Witness

    def do_POST(self) -> None:
        """`POST /add-checkpoint`."""
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit() or int(length[:12]) > LARGEST_REQUEST:
            self.close_connection = True
            self._answer(413 if length.isdigit() else 411, b"")
            return
        body = self.rfile.read(int(length))
        if self.path != "/add-checkpoint":
            self._answer(404, b"")
            return
        try:
            self._answer(200, self.witness.add_checkpoint(body))
        except Refused as refused:
            self._answer(refused.status, refused.body, refused.kind)

    def do_GET(self) -> None:
        """`GET /<origin hash>/checkpoint`."""
        asked = re.fullmatch(r"/([0-9a-f]{64})/checkpoint", self.path)
        found = self.witness.checkpoint(asked[1]) if asked else None
        self._answer(200 if found is not None else 404, found or b"")

    def _answer(self, status: int, body: bytes, kind: str = TEXT) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: who asks is not the business of a witness."""


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A listening server for this witness; port 0 takes any free one."""
    return ThreadingHTTPServer((host, port), type("WitnessDoor", (Door,), {"witness": witness}))


def main(argv: Sequence[str] | None = None) -> int:
    """`python witness.py FOLDER --name NAME --log VKEY …`; answers the exit code."""
    parser = argparse.ArgumentParser(prog="witness", description="Cosign what continues a log.")
    parser.add_argument("folder", type=Path, help="key and database of this witness; keep both, or neither")
    parser.add_argument("--name", required=True, help="name without spaces, such as politie.example/getuige")
    parser.add_argument("--log", action="append", required=True, help="verifier key of a log; of one log several")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8010)
    asked = parser.parse_args(argv)
    try:
        witness = Witness(asked.folder, asked.name, asked.log)
        door = server(witness, asked.host, asked.port)
    except (ValueError, OSError, sqlite3.Error) as wrong:
        print(f"The witness does not start: {wrong}", file=sys.stderr)
        return 2
    print(f"{witness.vkey} http://{asked.host}:{door.server_port}", flush=True)
    try:
        door.serve_forever()
    except KeyboardInterrupt:
        door.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
