"""python -m gcm_align.cli."""

from gcm_align.cli import main

if __name__ == "__main__":
    main()
