"""The only files of the domain that call the numerics, one for each question."""
