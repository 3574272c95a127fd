"""What is known: the tables of a scenario, read from a folder, held against each other, written back."""
