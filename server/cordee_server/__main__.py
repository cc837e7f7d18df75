"""``python -m cordee_server`` is ``cordee``."""

from .cli import main

main()
