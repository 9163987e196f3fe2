"""The machine's own work: clocks, the outbox sender, nightly checks."""
