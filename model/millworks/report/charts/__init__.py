"""The charts, one file each: a function takes a result and returns a `Chart`."""
