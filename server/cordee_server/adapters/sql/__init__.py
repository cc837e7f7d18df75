"""The stores in SQL: SQLAlchemy Core, one set for every engine."""
