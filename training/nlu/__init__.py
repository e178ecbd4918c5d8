"""Joint training of intents and entities: batches, score, the linear models beside the encoder, and how they are weighed."""
