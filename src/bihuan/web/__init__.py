"""Pages: views, forms, templates and scripts; a subfolder for each domain."""
