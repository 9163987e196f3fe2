"""What was done, by whom, when: append-only, hash-chained; and the outbox of events."""
