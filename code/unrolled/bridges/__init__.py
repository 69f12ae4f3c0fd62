"""The same weights in NumPy, PyTorch and Keras. Gate orders and transposes live here alone.

`from unrolled.bridges import torch` needs PyTorch only when one of its functions is called, and
likewise for Keras.
"""

import contextlib
import importlib

INSTALL = {"keras": "keras tensorflow"}  # what a library needs beside itself


def need(library):
    """Import a library such as "torch", or raise an ImportError that says what to install."""
    if library in ("keras", "tensorflow"):
        load_triton()
    try:
        return importlib.import_module(library)
    except ImportError as error:
        packages = INSTALL.get(library, library)
        raise ImportError(f"this needs {library} ({error}): pip install {packages}") from error


def load_triton():
    """Load what PyTorch's CUDA builds bring along, where it is installed.

    After TensorFlow 2.20 and newer it ends the process: the two bring different copies of LLVM, and
    the second to come gets parts of the first (tensorflow/tensorflow#124205). Before it does not.
    """
    with contextlib.suppress(ImportError):
        importlib.import_module("triton")
