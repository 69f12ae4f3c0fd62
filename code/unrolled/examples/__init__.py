"""Projects that need nothing of this package: copy a file and change it."""
