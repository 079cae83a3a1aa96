"""kill -9 of a whole hub at random moments under load, as often as asked: what is lost, and what left unwritten.

    python -m bench.kills --kills 1000

The crash tests of `tests/e2e/test_crash.py` with more kills: zero acknowledged writes lost, zero reads without their
record, zero gaps, both logs verified by an outsider, views equal to a rebuild. About four seconds a kill.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

from bench.running import machine


def main() -> int:
    """Run and print; the exit code of the tests."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1_000)
    kills = parser.parse_args().kills
    print(machine())
    begin = time.perf_counter()
    test = [
        sys.executable,
        "-m",
        "pytest",
        "-n0",
        "-q",
        "-p",
        "no:randomly",
        "--timeout",
        "0",
        "tests/e2e/test_crash.py",
    ]
    found = subprocess.run(test, env={**os.environ, "SIGNAALHUB_TEST_KILLS": str(kills)}, check=False)
    print(f"{kills} kills in {time.perf_counter() - begin:.0f} s, exit code {found.returncode}")
    return found.returncode


if __name__ == "__main__":
    sys.exit(main())
