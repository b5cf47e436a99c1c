"""Badges made to be expensive, by family; `benchmarks.hostile` tells what they cost."""

from tests.hostile import collections, contexts, expansion, nodes, pictures, proofs, schemas, texts, tokens
from tests.hostile.making import FAMILIES, KIB, SIZE, Made

MODULES = (collections, contexts, expansion, nodes, pictures, proofs, schemas, texts, tokens)
"""Each adds its families when it is read."""

__all__ = ["FAMILIES", "KIB", "MODULES", "SIZE", "Made"]
