"""The accounting identities of a week, by what they compare: balances, flows, units, people."""
