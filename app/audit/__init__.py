"""The journal of a community, as those may read it who look after it, and whether it was tampered with."""
