"""`python -m millworks` is the command `millworks`."""

from millworks.cli import main

main()
