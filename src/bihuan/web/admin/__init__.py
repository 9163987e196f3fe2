"""Administration: people and posts, bodies, places, rules in force, audit, invariants."""
