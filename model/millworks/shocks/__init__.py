"""Shocks: one file each. What a shock may touch: `millworks.world.measures`."""
