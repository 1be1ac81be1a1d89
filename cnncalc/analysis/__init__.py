"""What is computed over a graph: costs, receptive fields, memory."""
