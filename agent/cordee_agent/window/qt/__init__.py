"""Qt draws what ``window/model.py`` says, and obeys the customer's hand only."""
