"""What others took up: another community or organisation does something because of what was made here."""
