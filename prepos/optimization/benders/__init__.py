"""Decomposition by cuts: a master of the first stage, an exact recourse, and the search that joins them."""
