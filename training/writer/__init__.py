"""Training of the mT5 writer: its rows, and the weights that it begins with."""
