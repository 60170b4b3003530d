"""`python -m scripts.stack up | exec -- CMD … | clean` (and `keep`, started by the others)."""

import sys

USAGE = "usage: python -m scripts.stack up | exec -- COMMAND [ARGUMENT …] | clean"


def main(arguments: list[str]) -> int:
    """Run one of the commands; its exit code. SystemExit with a sentence when it cannot."""
    match arguments:
        case ["up"]:
            from scripts.stack.running import up  # each command its own imports

            return up()
        case ["exec", "--", *command] if command:
            from scripts.stack.throwaway import execute

            return execute(command)
        case ["keep"]:
            from scripts.stack.keeper import keep

            return keep()
        case ["clean"]:
            from scripts.stack.cleaning import clean

            return clean()
    raise SystemExit(USAGE)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
