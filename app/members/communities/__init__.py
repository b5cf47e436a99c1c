"""Communities themselves: what they agreed on, how they begin and end, and who would come to one."""
