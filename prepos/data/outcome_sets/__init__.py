"""Outcome sets from a disaster history: as it was, as it could be in a season, and under stress; and fewer of them."""
