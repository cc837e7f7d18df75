"""``python -m cordee_agent.guard``: started by ``client.py``, by nobody else."""

import sys

from cordee_agent.guard.process import main

if __name__ == "__main__":
    sys.exit(main())
