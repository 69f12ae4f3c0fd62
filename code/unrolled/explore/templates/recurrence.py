"""Recurrence without the loop: what the explorables of chapters 22 to 25 say."""

TEMPLATES = {}
