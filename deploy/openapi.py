"""Write the OpenAPI document from the routes: `python -m deploy.openapi`, or only compare with `--check`.

Exit code: 0 written or equal, 1 the file differs from the routes. Needs no database: nothing is served.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import orjson

from hub.api.app import create_app
from hub.api.doors import partner_routers
from hub.api.services import Services
from hub.settings import Settings

FILE = Path(__file__).resolve().parent.parent / "contracts" / "openapi.json"
#: Where a hub answers that nobody configured; the document of a running hub names its own address.
ADDRESS = "https://signaalhub.nl"


def rendered() -> bytes:
    """The document, one key a line, so that a change shows in a diff."""
    bare = cast("Services", SimpleNamespace(identity=None, issuer=None, log=None))
    document: dict[str, Any] = create_app(bare, Settings(public_url=ADDRESS), partner_routers(bare)).openapi()
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file is out of date")
    chosen = parser.parse_args(arguments)
    content = rendered()
    if not chosen.check:
        FILE.write_bytes(content)
        return 0
    if FILE.is_file() and FILE.read_bytes() == content:
        return 0
    print(f"{FILE.name} differs from the routes: run python -m deploy.openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
