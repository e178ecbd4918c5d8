"""Search for the settings of a training: the study, and one short trial of each stage."""
