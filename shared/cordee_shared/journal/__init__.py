"""Acts that people's sides sign, and the entries that the relay appends."""
