"""The nouns of intake."""
