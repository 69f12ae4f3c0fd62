"""Recurrent networks in NumPy, in rooms by what a reader looks for.

`cells` are what one time step does, `composed` cells made of cells, `through_time` the ways back
through time, `learning` all that trains them, `sequence_to_sequence` what reads one sequence and
writes another; `contract` says what a cell is. Every module is found without its room, too:
``from unrolled.engine import rnn``, ``from unrolled.engine.optimizers import Adam``.
"""

import sys
from importlib import import_module
from pkgutil import iter_modules

for _room in iter_modules(__path__):
    if _room.ispkg:
        for _module in iter_modules(import_module(f".{_room.name}", __name__).__path__):
            globals()[_module.name] = import_module(f".{_room.name}.{_module.name}", __name__)
            sys.modules[f"{__name__}.{_module.name}"] = globals()[_module.name]
