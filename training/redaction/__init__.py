"""Personal data found in texts and taken out of them: by rules with validators, and by a trained tagger for names and places."""
