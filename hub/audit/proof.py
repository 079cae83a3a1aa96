"""A proof that fits in one file: a leaf, its place, the way to the root, and who vouches for that root.

Source: C2SP tlog-proof (c2sp.org/tlog-proof).
"""

import base64
from collections.abc import Sequence

HEADER = "c2sp.org/tlog-proof@v1"
MEDIA_TYPE = "text/plain"
SUFFIX = ".tlog-proof"


def write_proof(index: int, hashes: Sequence[bytes], checkpoint: str, leaf_data: bytes | None = None) -> str:
    """The file. `index` from 0; `leaf_data` goes along as extra data, from which the reader makes the leaf hash."""
    lines = [HEADER]
    if leaf_data is not None:
        lines.append(f"extra {base64.b64encode(leaf_data).decode()}")
    lines.append(f"index {index}")
    lines += [base64.b64encode(one).decode() for one in hashes]
    return "\n".join([*lines, "", checkpoint])
