"""From YAML text to a layer graph."""
