"""Pages of inspections: the app for places without a signal, routes, plans, checklists."""
