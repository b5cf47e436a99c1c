"""What people did: typed, dated, attributed, with where it is known from."""
