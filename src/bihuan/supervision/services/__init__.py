"""The verbs of supervision, by thing: `services.plans`, `services.visits`, …."""
