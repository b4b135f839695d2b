"""The start of the world: firms drawn from the statistics, links between them, a steady state."""
