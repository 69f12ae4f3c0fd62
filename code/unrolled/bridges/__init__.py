"""The same weights in NumPy, PyTorch and Keras. Gate orders and transposes live here alone.

`from unrolled.bridges import torch` needs PyTorch only when one of its functions is called, and
likewise for Keras.
"""

import importlib

INSTALL = {"keras": "keras tensorflow"}  # what a library needs beside itself


def need(library):
    """Import a library such as "torch", or raise an ImportError that says what to install."""
    try:
        return importlib.import_module(library)
    except ImportError as error:
        packages = INSTALL.get(library, library)
        raise ImportError(f"this needs {library} ({error}): pip install {packages}") from error
