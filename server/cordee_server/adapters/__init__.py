"""What the ports are in the world: this system, a database, memory."""
