"""Files that every loader takes: `fuzz` starts from them, and changes them."""

import hashlib
import io
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
from unrolled.datasets import imdb
from unrolled.engine import checkpoint
from unrolled.engine.optimizers import Adam

SHIPPED = Path(__file__).parents[2] / "data"
BETWEEN = b"====="  # between the name of an archive's member, its content, the next name ...
AIR = (
    b"No,year,month,day,hour,pm2.5,DEWP,TEMP,PRES,cbwd,Iws,Is,Ir\r\n"
    b"1,2010,1,1,23,NA,-21,-11,1021,NW,1.79,2,0\r\n"
    b"2,2010,1,2,0,129,-16,-4.5,1020,cv,0.89,0,3\r\n"
)
REVIEWS = b'text,target,split\nA good film.,1,train\n"Bad, bad film.",0,train\nA film.,1,test\n'
PROSE = b"The sea is gray. It's cold, the captain says?\n\nNobody hears him.\n"
SHAPES = {"W": (2, 3), "b": (3,)}  # of a network with a checkpoint
RECORD = {
    "experiment": "tides", "date": "2026-01-31", "device": "a desk",
    "versions": {"python": "3.12.1"}, "settings": {"seed": 7}, "results": [{"loss": 2.5}],
}  # fmt: skip


def archive(content):
    """A zip file with the members that the content names, each name as often as it likes."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as packed, warnings.catch_warnings(action="ignore"):
            parts = content.split(BETWEEN)
            for name, member in zip(parts[::2], parts[1::2], strict=False):
                packed.writestr(zipfile.ZipInfo(name.decode("latin1") or "-"), member)
        return file.getvalue()


def members(arrays):
    """Arrays as the content that `archive` takes."""
    parts = []
    for name, array in arrays.items():
        with io.BytesIO() as file:
            np.save(file, array)
            parts += [f"{name}.npy".encode(), file.getvalue()]
    return BETWEEN.join(parts)


def reviews():
    """A small file as Keras's imdb.npz."""
    reviews = np.empty(2, object)
    reviews[:] = [[1, 2], [2]]
    with io.BytesIO() as file:
        np.savez(file, x_train=reviews, y_train=[1, 0], x_test=reviews, y_test=[1, 0])
        return file.getvalue()


def saved():
    """The arrays of a checkpoint after a step."""
    params, optimizer = {name: np.zeros(shape) for name, shape in SHAPES.items()}, Adam(0.1)
    optimizer.update(params, {name: np.ones_like(value) for name, value in params.items()})
    with tempfile.TemporaryDirectory() as folder:
        checkpoint.save(Path(folder) / "run.npz", params, optimizer, [1.0, 0.5])
        return checkpoint.arrays_in(Path(folder) / "run.npz")


def npz(arrays):
    """The bytes of an .npz file."""
    with io.BytesIO() as file:
        np.savez(file, **arrays)
        return file.getvalue()


def plain():
    """The arrays that `imdb` stores for `reviews`."""
    content = reviews()
    arrays = {"source": np.array(hashlib.sha256(content).hexdigest())}
    for split in ("train", "test"):
        ids, offsets = imdb.joined([[1, 2], [2]])
        arrays |= {f"ids_{split}": ids, f"offsets_{split}": offsets}
        arrays[f"targets_{split}"] = np.array([1, 0])
    return arrays


def shipped(name):
    """A file of the book's own data, in a list."""
    return [(SHIPPED / name).read_bytes()]
