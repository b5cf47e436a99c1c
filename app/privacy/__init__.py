"""Everything that is kept of a person, wherever: told to them, and erased at their wish."""
