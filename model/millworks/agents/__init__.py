"""The agents: one file per kind, each a declaration of its columns."""
