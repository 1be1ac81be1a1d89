"""The command line: each command loads, runs one analysis, renders."""
