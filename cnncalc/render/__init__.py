"""Reports as text: renderers compute nothing."""
