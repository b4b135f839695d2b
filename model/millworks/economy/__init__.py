"""The measured world: input-output accounts, prices, places, firm sizes. Imports nothing heavy.

Start with `national.national_accounts(2022)` for the national tables, `regional.regional_shares`
for what a district buys from itself, `input_output.InputOutputTable` for multipliers by algebra.
"""
