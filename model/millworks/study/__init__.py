"""Studies: what we ask of the model."""
