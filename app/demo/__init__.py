"""A small living community to look at: plainly fictional people, months of recognition, nominations in every state."""
