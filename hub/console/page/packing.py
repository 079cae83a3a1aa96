"""Pages as they travel: packed, but only where our own page asked for them.

Who sees the length of packed pages, and has them repeat words of his, can guess what else stands there (BREACH). For
that he must make the browser of somebody ask, and the browser says so.
"""

import gzip

from fastapi import Request, Response
from starlette.responses import HTMLResponse

#: Below this it does not pay.
LEAST = 1_000
#: A page of 100 kB to an eighth in about a millisecond; more would win little.
LEVEL = 4
VARY = "Accept-Encoding, Sec-Fetch-Site"


def packed(request: Request, answer: Response) -> Response:
    """The page packed where the browser takes that; any other answer as it is."""
    if not isinstance(answer, HTMLResponse) or len(answer.body) < LEAST:
        return answer
    answer.headers["Vary"] = VARY
    ours = request.headers.get("sec-fetch-site") == "same-origin"
    if ours and "gzip" in request.headers.get("accept-encoding", ""):
        answer.body = gzip.compress(answer.body, LEVEL, mtime=0)
        answer.headers["Content-Encoding"] = "gzip"
        answer.headers["Content-Length"] = str(len(answer.body))
    return answer
