"""The tools that know nothing of the business: time, ids, refusals, the database, the door.

`assembly` puts a service together from routers; the rest is what routers, services and tables are made of.
"""
