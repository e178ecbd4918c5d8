"""`python -m training ...`: the commands of the package where Rasa is not installed."""

from training.commands import main

main()
