"""What the simulated world is made of: columns, links, books, random streams, identities."""
