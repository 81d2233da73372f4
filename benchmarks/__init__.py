"""What is measured, and against what. ``make bench`` runs all of it and writes docs/benchmarks.md."""
