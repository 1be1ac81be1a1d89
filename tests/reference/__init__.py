"""Measured behaviour of other tools, said in the language and compared number by number."""
