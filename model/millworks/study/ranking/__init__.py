"""Rankings of policies: which effects are told from luck, at what cost, and how surely.

The statistics here (`holm`, `verdicts`, `best`, `bands`, `draws`, `equal_cost`, `package`) are
functions of numbers alone: they run no world, and each is tested against results worked by hand.
"""
