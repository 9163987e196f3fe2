"""JSON for other systems: schemas, routes, error shape."""
