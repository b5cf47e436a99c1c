"""What members say of their community: asked in waves, answered by nobody in particular, told once and in sums."""
