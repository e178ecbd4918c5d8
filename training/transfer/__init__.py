"""Zero- and few-shot transfer between languages, and what it does to each of them."""
