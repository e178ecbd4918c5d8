"""From data to fine-tuned models: corpora, vocabulary, pre-training, the three trainings, export and evaluation.

Runs without Rasa, on a CPU or a GPU, on Python 3.10 to 3.12.
"""
