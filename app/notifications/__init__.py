"""Telling people what concerns them: a feed of their own, and mail, as each of them chooses."""
