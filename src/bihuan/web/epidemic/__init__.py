"""Pages of the epidemic side: events, cases, contacts, orders, editions, the person's own record."""
