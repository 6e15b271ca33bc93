"""The one kind of error that is the user's to fix."""


class InputError(ValueError):
    """Something the user gave (a file, a value, a name) cannot be used.

    The message says what is wrong and what would be right; the command line prints it without a
    traceback and exits with code 2. Anything else that is raised is a fault of the program.
    """
