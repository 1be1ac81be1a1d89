"""Networks written in the formats of other tools.

`onnx` builds ONNX models; `onnx_steps` is the table of what each layer becomes.  Install with
`pip install cnncalc[onnx]`.
"""

from importlib import import_module


def require_onnx() -> None:
    """Import the onnx package, so that it is missed before anything long begins.

    Raises:
        ModuleNotFoundError: if it is not installed.
    """
    import_module("onnx")
