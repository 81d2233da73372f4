"""HTTP: parse, one service call, write. One file per resource."""
