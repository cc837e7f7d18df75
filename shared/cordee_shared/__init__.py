"""What the relay and the agent both hold to: the wire, the rules, the bytes."""
