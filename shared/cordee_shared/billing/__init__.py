"""What is owed: hashed rules, time out of the journal, one rounding, one record."""
