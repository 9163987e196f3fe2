"""A site's own language-model endpoint that may *propose* labels beside the rules'. Off by default."""
