"""Pure rules of epidemic control. Every number and every name of a disease comes from a pack."""
