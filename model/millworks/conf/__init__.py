"""Settings of a run: Hydra defaults (the YAML files here) behind strict pydantic models."""
