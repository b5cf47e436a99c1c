"""Charts that say what they show: a title that states the finding, a text for whoever does not see it, a table, and a
picture of the same numbers. All but the drawing is pure.
"""
