"""Partners: manufacturers with 500 or more employees."""

from __future__ import annotations

from millworks.agents.producer import Producer


class Partner(Producer):
    """A large manufacturer owned outside; its parent takes or supplies cash every week."""
