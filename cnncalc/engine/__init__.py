"""The reference engine: networks run on numbers, in numpy, which nothing outside this package imports.

`execute` runs a graph; `kernels` is the table of what each layer computes.  Install with
`pip install cnncalc[run]`.
"""

import os
import sys

if "numpy" not in sys.modules:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # see `threads`
