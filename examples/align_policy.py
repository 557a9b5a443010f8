"""Assess one policy and print what works against the Compact, with its page."""

import sys
from pathlib import Path

from gcm_align import align

here = Path(__file__).parent
paths = sys.argv[1:] or [str(here / "policies" / "norland-labour-migration-policy.md")]
result = align(paths)
matrix = result.matrix
print(matrix["level_name"].value_counts().to_string())
for row in result.evidence.query("counter").itertuples():
    print(f"{row.document}, {row.action}, p. {row.page}: {row.quote}")
