"""``python -m cordee_agent``, and the bundled file: the agent, or its guard.

A bundled file is its own Python: the guard is the same file, started again with one
word (see ``guard.client.guard_command``). What needs no window never imports one.
"""

import sys


def main() -> int:
    """Be what was asked for; returns the exit status."""
    if sys.argv[1:] == ["guard"]:
        from cordee_agent.guard.process import main as guard

        return guard()
    from cordee_agent.cli import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
