"""Being told: what platforms report becomes contributions, and awards."""
