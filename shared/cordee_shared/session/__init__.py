"""The session: its table, its machine, and what the customer consents to."""
