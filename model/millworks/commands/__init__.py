"""The commands of the command line, one file each; heavy imports stay inside functions."""
