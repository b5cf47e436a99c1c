"""Who vouches for what: offered, accepted, signed, hosted, withdrawn."""
