"""Templates, slots and a language to a reply, and the checks a reply must pass."""
