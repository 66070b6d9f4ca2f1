"""Run the command line: ``python -m goldenthread``."""

from goldenthread.cli import main

main()
