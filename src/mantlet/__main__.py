"""`python -m mantlet`."""

from mantlet.console.main import main

if __name__ == "__main__":
    main()
