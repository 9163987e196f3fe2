"""The verbs of work safety, by thing."""
