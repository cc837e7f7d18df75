"""``python -m cordee_agent``: the agent."""

from cordee_agent.cli import main

main()
