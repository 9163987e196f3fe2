"""Pages of the investigation: line lists, chains, interviews, the day's checks, workload."""
