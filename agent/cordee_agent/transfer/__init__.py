"""Files on this computer's disk: read piece by piece, written beside their place."""
