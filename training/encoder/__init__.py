"""Training of the sentence encoder: pairs that mean the same, hard negatives, the model in torch."""
