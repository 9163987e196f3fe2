"""Pure rules of supervision: rotas, coverage, quality, registers, cells of a table."""
