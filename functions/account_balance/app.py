"""Account balance: recognises the caller, speaks the available balance, connects to customer support."""
