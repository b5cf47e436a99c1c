"""What came of it: value stories, what others took up, what members need, and what was made together."""
