"""What crosses the wire: the relay's messages in clear, the sealed payloads' forms."""
