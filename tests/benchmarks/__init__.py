"""Speed as ratios measured in one run: ``python -m tests.benchmarks`` (``BENCH_SCALE=small`` or ``full``)."""
