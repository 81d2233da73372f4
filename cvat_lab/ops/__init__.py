"""Pure functions on the domain: no files, no network, no clock."""
