"""The relay: pairs, carries what it cannot open, writes the journal, bills."""
