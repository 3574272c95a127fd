"""What answers mean: figures side by side, sentences, charts. Reads runs and results; decides nothing."""
