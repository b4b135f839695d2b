"""What passes between the districts of one world: base shares, weekly orders, what is conserved."""
