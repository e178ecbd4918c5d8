"""A person's data taken out of everything that Xenia keeps, and old data out of all of it."""
