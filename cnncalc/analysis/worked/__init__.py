"""Every figure of a layer as a short worked solution: rule, numbers put in, result, reason."""
