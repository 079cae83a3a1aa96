"""A file for who is signed in: saved, never opened in our name; and tables that a spreadsheet reads."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi import Response

from hub.console.page.frame import HEADERS

#: A cell that begins so is a formula to a spreadsheet. Source: OWASP, CSV injection.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def download(content: bytes, naam: str, media: str) -> Response:
    """A file under a fixed name, without a word about anybody. `media`: its media type."""
    said = {"Content-Disposition": f'attachment; filename="{naam}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media, headers=HEADERS | said)


def table(naam: str, kop: Sequence[str], rijen: Iterable[Sequence[object]]) -> Response:
    """A table as CSV (RFC 4180, UTF-8 with its mark, semicolons as Dutch spreadsheets expect)."""
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    for row in (kop, *rijen):
        writer.writerow([cell(value) for value in row])
    return download(b"\xef\xbb\xbf" + made.getvalue().encode(), naam, "text/csv; charset=utf-8")


def cell(value: object) -> str:
    """A value that no spreadsheet takes for a formula."""
    text = "" if value is None else ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
