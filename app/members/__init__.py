"""Communities, their members, and who may do what: the lowest capability, on which every other one stands."""
