"""What the relay does for people: agreements, records, bills, accounts."""
