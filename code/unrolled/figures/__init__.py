"""Arrays in, `plotly.graph_objects.Figure` out. Nothing here computes or shows."""
