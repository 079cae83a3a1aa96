"""Check an OpenAPI document against the NL API Design Rules: `python deploy/check_openapi.py openapi.json`.

Uses the pinned Spectral of deploy/spectral, installed on first use without running its install scripts.
Exit code: 0 conforms, 1 does not (each fault on its own line), 2 could not check. Without npm nothing is checked:
that is said, and is an error only with --require (as in continuous integration).
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SPECTRAL = HERE / "spectral"
RULES = HERE.parent / "contracts" / "adr-regels.yaml"
CONFORMS, DOES_NOT, NOT_CHECKED = 0, 1, 2


def main(arguments: list[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("document", type=Path, help="OpenAPI document, JSON or YAML")
    parser.add_argument("--require", action="store_true", help="fail where npm is absent")
    chosen = parser.parse_args(arguments)
    if not chosen.document.is_file():
        print(f"{chosen.document} does not exist", file=sys.stderr)
        return NOT_CHECKED
    if shutil.which("npm") is None:
        print("not checked against the API Design Rules: npm is not installed", file=sys.stderr)
        return NOT_CHECKED if chosen.require else CONFORMS
    program = SPECTRAL / "node_modules" / ".bin" / "spectral"
    if not program.exists() and not _install():
        print("not checked: the pinned Spectral could not be installed", file=sys.stderr)
        return NOT_CHECKED
    return _lint(program, chosen.document)


def _install() -> bool:
    done = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=SPECTRAL, check=False
    )
    return done.returncode == 0


def _lint(program: Path, document: Path) -> int:
    command = [
        str(program),
        "lint",
        str(document.resolve()),
        "-r",
        str(RULES),
        "--fail-severity=error",
        "--format=text",
    ]
    done = subprocess.run(command, cwd=SPECTRAL, check=False)
    return {0: CONFORMS, 1: DOES_NOT}.get(done.returncode, NOT_CHECKED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
