"""The case for support: what a community is worth to those in it, for funders and review panels."""
