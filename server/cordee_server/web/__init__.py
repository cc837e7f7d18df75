"""What the relay shows to browsers and agents over HTTP."""
