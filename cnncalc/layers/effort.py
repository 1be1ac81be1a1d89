"""Formulas of the operations a layer does besides its multiply–accumulates.

One operation is one addition, subtraction, multiplication, division or comparison of two numbers, or
one call of exp, log, tanh, erf, a root or a power.  Figures are for inference and for one sample.
Imported when they are asked for: loading a spec needs none of them.
"""

from __future__ import annotations

from cnncalc.formula import Formula

BIAS = Formula("additions", "y", "a bias is added to each of y outputs")
PER_UNIT = Formula("operations", "c * x", "c operations on each of x units, named beside it")
FOLDED = Formula("operations", "2 * x", "mean, variance, γ and β fold into one factor and one offset per channel")
MEASURED = Formula(
    "operations",
    "5 * x + 3 * means + learned * x",
    "per unit: sum, subtract the mean, square, sum, scale; per mean: add ε, root, reciprocal; γ and β",
)
NEIGHBOURS = Formula("operations", "(size + 4) * x", "square, size - 1 additions, times α, plus k, power, division")
SOFTMAX = Formula("operations", "3 * x - sums", "exp of each unit, their sum, a division each")
LARGEST = Formula("comparisons", "(K - 1) * y", "the largest of K takes K - 1 comparisons")
MEAN = Formula("operations", "K * y", "K - 1 additions and a division per output")
POWERS = Formula("operations", "2 * K * y", "K powers, K - 1 additions and a root per output")
BIN_LARGEST = Formula("comparisons", "read - y", "each bin of n pixels takes n - 1 comparisons")
BIN_MEAN = Formula("operations", "read", "each bin of n pixels takes n - 1 additions and a division")
MERGED = Formula("operations", "(n - 1) * y", "n inputs are combined by n - 1 operations per output")
AVERAGED = Formula("operations", "n * y", "n - 1 additions and a division per output")
INTERPOLATED = Formula("operations", "(2 * taps - 1) * y", "taps products and taps - 1 additions per output")
