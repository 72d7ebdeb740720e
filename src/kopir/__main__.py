"""``python -m kopir`` is ``kopir``."""

from kopir.cli import main

if __name__ == "__main__":
    main()
