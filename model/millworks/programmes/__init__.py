"""How programmes are paid: a levy on local incomes, what is paid out, and notes in between."""
