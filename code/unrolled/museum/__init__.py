"""Bugs of published material on recurrent networks, each broken and mended. See chapter 20."""

from .exhibits import EXHIBITS, Exhibit

__all__ = ["EXHIBITS", "Exhibit"]
