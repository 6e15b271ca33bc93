"""Make a virtual environment, or say in one line what is missing for it."""

import subprocess
import sys


def main() -> int:
    """Make the environment named on the command line; its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036  (it is older Pythons that must be told)
        print(f"Python 3.11 or later is needed, not {sys.version}. Try: make PYTHON=python3.12")
        return 1
    made = subprocess.run([sys.executable, "-m", "venv", sys.argv[1]], check=False)
    if made.returncode:
        print("No virtual environment could be made. On Debian: sudo apt-get install python3-venv")
    return made.returncode


if __name__ == "__main__":
    sys.exit(main())
