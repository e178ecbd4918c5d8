"""The Rasa application: graph components, actions, channels, the shop. The only package that may import rasa."""
