"""Pages: views, forms, templates and their small ES modules."""
