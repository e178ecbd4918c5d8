"""What is measured: each module prints a Markdown table and offers `measure()`."""
