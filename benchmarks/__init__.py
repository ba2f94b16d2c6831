"""Benchmarks: each peer beside ours, in one run."""
