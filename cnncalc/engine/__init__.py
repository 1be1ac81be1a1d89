"""The reference engine: networks run on numbers, in numpy, which nothing outside this package imports.

`execute` runs a graph; `kernels` is the table of what each layer computes.  Install with
`pip install cnncalc[run]`.
"""
