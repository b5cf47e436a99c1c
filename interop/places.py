"""Where things lie in the tree."""

from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
NODE = HERE / "node"
PYTHON = HERE / "python"
OUT = HERE / "out"
CONTEXTS = ROOT / "badges" / "contexts"
SCHEMAS = ROOT / "badges" / "schemas"
CLR_SCHEMA = HERE / "schemas" / "clr_v2p0_clrcredential_schema.json"
