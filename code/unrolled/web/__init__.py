"""The view of explorables in JavaScript, and how its modules become one script."""
