"""What turns executed notebooks into the book: the Sphinx extension, and `tidy`."""
