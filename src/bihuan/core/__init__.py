"""The kernel: what every domain stands on."""
