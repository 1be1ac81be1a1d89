"""Exact sizes, parameters, multiply–accumulates, memory and receptive fields of convolutional networks."""
