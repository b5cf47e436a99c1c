"""Peers recognise peers: nominated, seconded, weighed by people without a conflict, and consented to."""
