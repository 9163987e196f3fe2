"""The nouns of command work: what is read of meetings, directives, demands and cascades."""
