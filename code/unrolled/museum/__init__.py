"""Bugs of published material on recurrent networks, each broken and mended. See chapter 21."""

from .exhibits import EXHIBITS, Exhibit

__all__ = ["EXHIBITS", "Exhibit"]
