"""What can move where, how fast and at what cost: distances, routes, lanes."""
