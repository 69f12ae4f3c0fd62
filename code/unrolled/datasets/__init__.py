"""Series, reviews and prose that the book ships, larger data to download, synthetic tasks."""

from .air_quality import TimeSeries, load_air_quality
from .bits import as_many, count, parity, running_parity, switches
from .chaos import lorenz, mackey_glass
from .corpus import Corpus, load_letters, load_ptb
from .download import DownloadError, fetch
from .next_step import text_windows, waves
from .results import load_results
from .reviews import Reviews, Texts, load_imdb, load_reviews
from .rhymes import load_rhymes
from .selecting import selective_copy
from .series import load_co2, load_nile, load_sunspots
from .strokes import practice_lines
from .synthetic import adding, copy, echo, flip_flop, latch, recall
from .text import load_prose
from .windowing import time_split, windows

__all__ = [
    "Corpus",
    "DownloadError",
    "Reviews",
    "Texts",
    "TimeSeries",
    "adding",
    "as_many",
    "copy",
    "count",
    "echo",
    "fetch",
    "flip_flop",
    "latch",
    "load_air_quality",
    "load_co2",
    "load_imdb",
    "load_letters",
    "load_nile",
    "load_prose",
    "load_ptb",
    "load_results",
    "load_reviews",
    "load_rhymes",
    "load_sunspots",
    "lorenz",
    "mackey_glass",
    "parity",
    "practice_lines",
    "recall",
    "running_parity",
    "selective_copy",
    "switches",
    "text_windows",
    "time_split",
    "waves",
    "windows",
]
