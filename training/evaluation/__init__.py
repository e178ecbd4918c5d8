"""What the models are worth: measures by language, figures with intervals, reports, plots and model cards."""
