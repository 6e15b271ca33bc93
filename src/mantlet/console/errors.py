"""What the user sees when something fails: a sentence for theirs, a report for ours; exit codes."""

import os
import sys

INTERRUPTED = 130
USAGE = 2
FAULT = 1


def report(error: BaseException) -> int:
    """Tell on stderr what went wrong and return the exit code.

    A mistake in the input gives its message and 2; Ctrl-C one line and 130, as shells do; a full
    disk or a closed pipe the system's words and 1. Anything else is a fault of the program.
    `MANTLET_DEBUG=1` adds the traceback to all of them.
    """
    if os.environ.get("MANTLET_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    if isinstance(error, KeyboardInterrupt):
        return _say("interrupted: nothing half-written is left", INTERRUPTED)
    if _is_input(error):
        return _say(str(error), USAGE)
    if isinstance(error, BrokenPipeError):
        _close_stdout()
        return FAULT
    if isinstance(error, OSError):
        return _say(f"mantlet: {error}", FAULT)
    return _say(
        f"mantlet: {type(error).__name__}: {error}\n"
        "This is a fault of the program, not of your input. "
        "Run again with MANTLET_DEBUG=1 to see where.",
        FAULT,
    )


def _is_input(error: BaseException) -> bool:
    from mantlet.tables.errors import InputError

    return isinstance(error, InputError)


def _say(text: str, code: int) -> int:
    print(text, file=sys.stderr, flush=True)
    return code


def _close_stdout() -> None:
    """Point stdout at nothing, or the interpreter complains once more when it exits."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
