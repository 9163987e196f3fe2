"""Loops: whatever demands action becomes an obligation with owner, clock, evidence and gates."""
