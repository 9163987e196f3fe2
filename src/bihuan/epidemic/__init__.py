"""Epidemic: events, cases, investigation, contacts, control orders and zones."""
