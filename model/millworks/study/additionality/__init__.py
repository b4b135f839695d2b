"""Additionality: what a policy adds beyond what would have happened, and at whose cost."""
