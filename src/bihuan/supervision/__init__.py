"""Supervision: the three lists, plans and visits, cross inspection, second passes, burden."""
