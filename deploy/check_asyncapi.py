"""Check an AsyncAPI document: `python -m deploy.check_asyncapi contracts/asyncapi.json`.

Against AsyncAPI 3.0 with the pinned official parser of deploy/asyncapi_parser, installed on first use without its
install scripts; and against the last release (the newest tag, else the last commit): what breaks a partner needs a
higher version. Exit code: 0 conforms, 1 does not (each fault on its own line), 2 could not check. Without npm the
first is left out: that is said, and is an error only with --require.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from deploy.asyncapi_breaks import allowed, breaks

HERE = Path(__file__).resolve().parent
PARSER = HERE / "asyncapi_parser"
CONFORMS, DOES_NOT, NOT_CHECKED = 0, 1, 2


def main(arguments: list[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("document", type=Path, help="AsyncAPI document, JSON")
    parser.add_argument("--require", action="store_true", help="fail where npm is absent")
    chosen = parser.parse_args(arguments)
    if not chosen.document.is_file():
        print(f"{chosen.document} does not exist", file=sys.stderr)
        return NOT_CHECKED
    document: Path = chosen.document.resolve()
    faults = _unannounced(document)
    for fault in faults:
        print(fault)
    return max(DOES_NOT if faults else CONFORMS, _valid(document, chosen.require))


def _valid(document: Path, require: bool) -> int:
    if shutil.which("npm") is None:
        print("not checked against AsyncAPI 3.0: npm is not installed", file=sys.stderr)
        return NOT_CHECKED if require else CONFORMS
    if not (PARSER / "node_modules").exists() and not _install():
        print("not checked: the pinned parser could not be installed", file=sys.stderr)
        return NOT_CHECKED
    done = subprocess.run(["node", "validate.js", str(document)], cwd=PARSER, check=False)
    return {0: CONFORMS, 1: DOES_NOT}.get(done.returncode, NOT_CHECKED)


def _install() -> bool:
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    return subprocess.run(command, cwd=PARSER, check=False).returncode == 0


def _unannounced(document: Path) -> list[str]:
    """What breaks since the last release, where the version does not say so."""
    now, before = orjson.loads(document.read_bytes()), _released(document)
    if before is None or allowed(before["info"]["version"], now["info"]["version"]):
        return []
    return breaks(before, now)


def _released(document: Path) -> dict[str, Any] | None:
    """The document of the newest tag, else of the last commit; None where there is neither, as in an archive."""
    tag = _git(document.parent, "describe", "--tags", "--abbrev=0")
    found = _git(document.parent, "show", f"{tag.decode().strip() if tag else 'HEAD'}:./{document.name}")
    return orjson.loads(found) if found else None


def _git(folder: Path, *arguments: str) -> bytes | None:
    if shutil.which("git") is None:
        return None
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
