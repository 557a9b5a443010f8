"""python -m gcm_align.cli."""

from gcm_align.cli import main

main()
