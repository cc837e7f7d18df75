"""What `bench_line.py` is made of: a line, a customer's desktop, consoles, a ruler."""
