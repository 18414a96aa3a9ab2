"""Who did what to what, when and why: append-only. `make_move` is the only writer of a workflow's status."""
