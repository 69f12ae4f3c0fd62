"""Recurrent neural networks, unrolled: the package that the chapters of the book import.

engine    cells, losses, backpropagation through time and optimizers, in NumPy alone
analysis  what the book measures: gradient flow, truncation, cost (arrays in, arrays out)
figures   arrays in, Plotly figures out
explore   figures with sliders, live in a notebook and self-contained in the HTML book
datasets  the small series that the book ships, and synthetic tasks
playground  small networks to train, in the page or here, each run a function of its address
"""

__version__ = "0.1.0"
