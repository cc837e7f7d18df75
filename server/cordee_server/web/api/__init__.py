"""The console's resources, one file each."""
