"""Calibration and validation: what the model is held against, and how it compares.

Targets are data (`calibration/targets/`); `moments` reads the same figures off a simulated
panel; `validation` sets both side by side. Nothing here changes a rule or a parameter of the
model but the credit tightness of the year a target belongs to.
"""
