"""Communities as issuers: their keys, and the documents by which the world knows them."""
