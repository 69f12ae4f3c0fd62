"""Series, reviews and prose that the book ships, larger data to download, synthetic tasks."""

from .air_quality import TimeSeries, load_air_quality
from .corpus import Corpus, load_ptb
from .download import DownloadError, fetch
from .results import load_results
from .reviews import Reviews, Texts, load_imdb, load_reviews
from .rhymes import load_rhymes
from .series import load_co2, load_nile, load_sunspots
from .synthetic import adding, copy, echo, parity, recall
from .text import load_prose
from .windowing import time_split, windows

__all__ = [
    "Corpus",
    "DownloadError",
    "Reviews",
    "Texts",
    "TimeSeries",
    "adding",
    "copy",
    "echo",
    "fetch",
    "load_air_quality",
    "load_co2",
    "load_imdb",
    "load_nile",
    "load_prose",
    "load_ptb",
    "load_results",
    "load_reviews",
    "load_rhymes",
    "load_sunspots",
    "parity",
    "recall",
    "time_split",
    "windows",
]
