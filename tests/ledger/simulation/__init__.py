"""The prepaid ledger simulated: the real domain and adapter, a table in memory and a virtual clock."""
