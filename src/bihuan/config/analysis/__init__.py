"""What `bihuan analytics` does: a table in, one calculation, an answer out."""
