"""Arrays in, `plotly.graph_objects.Figure` out. Nothing here computes or shows."""

import plotly

if int(plotly.__version__.partition(".")[0]) < 6:  # Colab's own, imported before ours was installed
    raise ImportError(
        f"this kernel uses plotly {plotly.__version__}, and the book needs version 6 or newer: "
        "restart the kernel (in Colab: Runtime, Restart session) and run the first cell again"
    )
