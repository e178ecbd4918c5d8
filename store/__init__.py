"""What Xenia remembers: SQLAlchemy tables, sessions and the demo shop. Imports nothing of the other packages."""
