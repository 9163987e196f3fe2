"""Speed of the kernel. Run with `python -m bench.loops`; see docs/benchmarks.md."""
