"""Pages of intake: upload, review, send."""
