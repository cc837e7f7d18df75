"""Links, queues and rooms: what carries a session without being able to open it."""
