"""The customer's desktop, hand and witness, for what the agent does on a real one."""

from tests.e2e.conftest import desktop, folder, hand, listener

__all__ = ["desktop", "folder", "hand", "listener"]
