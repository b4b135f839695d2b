"""Makers: manufacturers with fewer than 500 employees."""

from __future__ import annotations

from millworks.agents.firm import Producer


class Maker(Producer):
    """A small manufacturer; its owner draws what the business does not need."""
