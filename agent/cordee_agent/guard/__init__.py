"""The guard: a process of its own between the technician's input and this desktop.

It watches the customer's hand, holds the only injector, and shuts it the moment
the hand moves. ``client.py`` is what the rest of the agent uses of it.
"""
