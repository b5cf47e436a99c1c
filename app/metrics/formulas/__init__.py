"""The formulas themselves: pure functions over columns of numbers that know nobody's name."""
