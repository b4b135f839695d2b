"""Policies: one file per lever or comparator. What each may touch: `millworks.world.measures`."""
