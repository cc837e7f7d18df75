"""The customer's agent: shows who asks, asks twice, and obeys the hand."""
