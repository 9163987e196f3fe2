"""Isolation sites, hospitals and people in care, on pages."""
