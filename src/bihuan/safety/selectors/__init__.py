"""What may be read of work safety, by thing."""
