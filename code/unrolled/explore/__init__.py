"""Figures that a reader drives: sliders in a notebook, the same sliders in the HTML book."""
