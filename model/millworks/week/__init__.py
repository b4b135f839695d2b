"""The week: one file per stage, in the order in which they happen (`millworks.district_model`).

Inside a stage every agent reads the old state and writes its own row; no stage imports another.
"""
