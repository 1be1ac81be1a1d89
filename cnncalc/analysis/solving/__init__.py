"""Sizes the other way round: unknown kernels and strides, input sizes that fit, a network in one formula."""
