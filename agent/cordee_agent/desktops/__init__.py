"""What a desktop system gives the agent, behind one small port each."""
