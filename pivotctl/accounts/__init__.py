"""`pivot accounts`: prepaid accounts for an operator, through the same domain the callbacks use."""
