"""Identities apart from the work: sealed fields, blind indexes, pseudonyms outside, every read told."""
