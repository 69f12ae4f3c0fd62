"""Ways back through time: what a gradient costs, and how it is checked."""
