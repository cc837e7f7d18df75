"""A long run over one parser or all: ``python -m tests.fuzz.nightly SECONDS [NAME]``.

With `atheris <https://github.com/google/atheris>`_ installed, coverage leads it
(``pip install atheris``; it has wheels for Linux and CPython only, so it is nobody's
dependency here). Without it the mutations of ``mutate.py`` go on for as long, and the
first line says so. A finding is printed as it may be put into ``CORPUS``.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import random
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, Final

from tests.fuzz.mutate import LONGEST, mutate
from tests.fuzz.targets import Target, targets

#: How long it goes on when nobody says.
_SECONDS: Final = 3600.0


def try_it(target: Target, data: bytes) -> None:
    """Hand one input to a parser; what it may not raise comes through, named."""
    try:
        target.parse(data)
    except target.may_raise:
        return
    except Exception as error:
        error.add_note(f"CORPUS: {target.name!r}: ({data!r},)")
        raise


def plain(chosen: list[Target], seconds: float, seed: int) -> int:
    """Mutate for so long; return how many inputs that was."""
    dice, count = random.Random(seed), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for target in chosen:
            try_it(target, mutate(target.seeds, dice))
            count += 1
    return count


def guided(atheris: Any, chosen: list[Target], seconds: float) -> None:  # noqa: ANN401 - a module without types
    """Let coverage lead; one child a parser, for atheris ends its process."""
    atheris.instrument_all()
    share = max(1, round(seconds / len(chosen)))
    for target in chosen:
        with tempfile.TemporaryDirectory(prefix="cordee-fuzz-") as corpus:
            for number, seed in enumerate(target.seeds):
                (Path(corpus) / str(number)).write_bytes(seed)
            child = os.fork()
            if child == 0:
                options = ["fuzz", corpus, f"-max_total_time={share}"]
                options += [f"-max_len={LONGEST}", "-verbosity=0"]
                atheris.Setup(options, partial(try_it, target))
                atheris.Fuzz()
                os._exit(0)
            _, status = os.waitpid(child, 0)
        if status:
            sys.stdout.write(f"{target.name}: a finding, above\n")
            sys.exit(1)


def main() -> None:
    """Run for as long as was said."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else _SECONDS
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    chosen = [target for target in targets() if wanted in target.name]
    if importlib.util.find_spec("atheris") is not None:
        sys.stdout.write(f"atheris, {len(chosen)} parsers, {seconds:.0f} s\n")
        sys.stdout.flush()
        guided(importlib.import_module("atheris"), chosen, seconds)
        return
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"no atheris here: plain mutations, seed {seed}\n")
    sys.stdout.write(f"{plain(chosen, seconds, seed)} inputs, nothing found\n")


if __name__ == "__main__":
    main()
