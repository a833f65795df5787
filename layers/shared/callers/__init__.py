"""Who is calling: phone number or account number and PIN to account."""
