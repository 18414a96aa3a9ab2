"""The coordination meeting: editions, sessions, minutes and their papers."""
