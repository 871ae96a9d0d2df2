"""``python -m lurewatch`` is the command ``lurewatch``."""

from lurewatch.cli.contents import main

if __name__ == "__main__":
    main()
