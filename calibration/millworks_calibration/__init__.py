"""Calibration and validation of the model."""
