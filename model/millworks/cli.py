"""The command `millworks`: its commands, its exit codes, and nothing heavy.

Exit codes: 0 done, 1 a check of a run fails or a verified run differs, 2 the input does not fit or
the result cannot be written (one sentence says why), 3 an identity of the accounts or of the data
is broken, 130 stopped by Ctrl-C, 143 stopped from outside.
Engines and tables are imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn

import typer

import millworks
from millworks.commands.accounts import accounts
from millworks.commands.additionality import additionality
from millworks.commands.check import check
from millworks.commands.compare import compare
from millworks.commands.constraints import constraints
from millworks.commands.data import data_app
from millworks.commands.interactions import interactions
from millworks.commands.listing import list_known
from millworks.commands.multiplier import multiplier
from millworks.commands.new import new
from millworks.commands.rank import rank
from millworks.commands.run import run as run_scenario
from millworks.commands.screen import out_of_room
from millworks.commands.shares import shares
from millworks.commands.sizes import sizes
from millworks.commands.stress import stress
from millworks.commands.sweep import sweep
from millworks.commands.validate import validate
from millworks.commands.verify import verify
from millworks.commands.week import week
from millworks.errors import MillworksError

STOPPED_BY_USER = 130
STOPPED_FROM_OUTSIDE = 143
READER_GONE = 141

# Typer carries its own copy of click in recent versions; this is its usage error in any of them.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]

app = typer.Typer(
    name="millworks",
    help="What works for American manufacturing: local districts, agent by agent.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.command("run")(run_scenario)
app.command()(rank)
app.command()(interactions)
app.command()(additionality)
app.command()(stress)
app.command()(sizes)
app.command()(constraints)
app.command()(compare)
app.command()(sweep)
app.command()(check)
app.command()(new)
app.command()(multiplier)
app.command()(accounts)
app.command()(week)
app.command()(shares)
app.command()(validate)
app.command()(verify)
app.command("list")(list_known)
app.add_typer(data_app, name="data")


class Terminated(BaseException):
    """Raised by a signal to end, so that temporary files are removed on the way out."""


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"millworks {millworks.__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version."),
    ] = False,
) -> None:
    """What works for American manufacturing: local districts, agent by agent."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code; errors of users never trace back."""
    try:
        code = app(args=list(arguments), prog_name="millworks", standalone_mode=False)
        sys.stdout.flush()
        if code == STOPPED_BY_USER:  # some versions of typer turn Ctrl-C into this code
            raise KeyboardInterrupt
        return code if isinstance(code, int) else 0
    except MillworksError as error:
        return _say(str(error), error.exit_code)
    except UsageError as error:
        return _say(_usage_sentence(error), 2)
    except typer.Exit as error:
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _say("stopped; nothing was left half-written.", STOPPED_BY_USER)
    except Terminated:
        return _say("ended from outside; nothing was left half-written.", STOPPED_FROM_OUTSIDE)
    except BrokenPipeError:
        # The reader of a pipe left (`millworks list parameters | head`): there is nobody to tell.
        _give_up_output()
        return READER_GONE
    except OSError as error:
        sentence = out_of_room(error)
        if sentence is None:
            raise
        _give_up_output()
        return _say(sentence, 2)


def main() -> NoReturn:
    """Entry point of the console command."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)
    sys.exit(run(sys.argv[1:]))


def _end(*_: Any) -> NoReturn:
    raise Terminated


def _give_up_output() -> None:
    """Send what is still to be printed nowhere, so that the end of the process cannot fail."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(sentence: str, code: int) -> int:
    print(f"millworks: {sentence}", file=sys.stderr)
    return code


def _usage_sentence(error: Any) -> str:
    """Typer's complaint as one sentence with the nearest name and the way to help."""
    possible = getattr(error, "possibilities", None)
    option = getattr(error, "option_name", None)
    if possible and option:
        names = " or ".join(sorted(possible))
        return f"there is no option {option}. Did you mean {names}?"
    message = " ".join(error.format_message().split()).rstrip(".")
    if error.ctx is not None and "Did you mean" not in message:
        return f"{message}; see {error.ctx.command_path} --help."
    return f"{message.rstrip('?')}?" if "Did you mean" in message else f"{message}."
