"""Pre-training of the compact encoder: embeddings first, then the trunk, on many languages."""
