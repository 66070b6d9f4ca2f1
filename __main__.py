"""Run the command line: ``python -m goldenthread``."""

from goldenthread.cli import main

if __name__ == "__main__":  # the children that read files import this module, and must not run it
    main()
