"""Agreeing keys from the code, and the sealed channel. Never imported by the relay."""
