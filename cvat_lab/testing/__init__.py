"""Contract tests and samples for plug-ins. Needs pytest."""
