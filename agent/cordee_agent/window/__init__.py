"""The agent's window: what it says (``model.py``), and Qt that shows it."""
