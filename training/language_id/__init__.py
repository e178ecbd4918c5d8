"""Training of the language identifier (`nlu.language`): messages, their weights, and the character n-gram model."""
