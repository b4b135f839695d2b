"""Which keys may be set for a command, and the nearest one to a key that may not."""

from __future__ import annotations

from collections.abc import Iterable

from millworks.conf.levers import SINGULAR, lever_names, settings_of
from millworks.conf.schema import (
    DistrictConfig,
    Paper,
    ReportConfig,
    RunConfig,
    StudyConfig,
    WorldConfig,
)
from millworks.errors import nearest
from millworks.parameters import nearest_parameter, register

WORLD_PARAMETERS = "world.parameters."
PAPER_KEYS = tuple(Paper.model_fields)


class Keys:
    """The keys of one command: those of files, and those of the command line besides."""

    def __init__(self, schema: type[DistrictConfig]) -> None:
        self.schema = schema
        self.has_study = issubclass(schema, RunConfig)
        nested = {"world", "study", "report", "policies", "shocks", "papers"}
        self.plain = [name for name in schema.model_fields if name not in nested]
        self.choices = ["world", "study", *SINGULAR.values()] if self.has_study else ["world"]

    def full(self, key: str) -> str:
        """Return the dotted key of an option, which may leave `study.` away."""
        short = self.has_study and key in StudyConfig.model_fields
        return f"study.{key}" if short else key

    def settings(self) -> list[str]:
        """Every dotted key that a file or a word may set."""
        found = [*self.plain, *_dotted("world", WorldConfig.model_fields)]
        found.remove("world.parameters")
        found += [WORLD_PARAMETERS + key for key in register()]
        if self.has_study:
            found += _dotted("study", StudyConfig.model_fields)
            found += _dotted("report", ReportConfig.model_fields)
            for kind in SINGULAR:
                for name in lever_names(kind):
                    found += _dotted(f"{kind}.{name}", settings_of(kind, name).model_fields)
        return found

    def refusal(self, key: str, *, word: bool) -> str | None:
        """Return what is wrong with a key, as the rest of a sentence; None if it may be set.

        `word`: whether the key stands on the command line, where files are chosen too.
        """
        if key in self.settings() or (word and key in self.choices):
            return None
        head, _, rest = key.partition(".")
        if self.has_study and head in SINGULAR:
            return self._refused_lever(head, rest)
        what = "setting" if word else "key"
        return f"there is no {what} {key!r}.{self._nearest(key, word)}"

    def _refused_lever(self, kind: str, rest: str) -> str:
        """What is wrong with `policies.NAME.KEY` or `shocks.NAME.KEY`."""
        name, _, key = rest.partition(".")
        one = SINGULAR[kind]
        if name and name not in lever_names(kind):
            return f"there is no {one} {name!r}.{nearest(name, lever_names(kind))}"
        if not key:
            example = f"{kind}.{name or 'NAME'}"
            return f"{key_of(kind, rest)} holds settings; set one at a time: {example}.KEY=value."
        fields = settings_of(kind, name).model_fields
        if key == "budget":
            return f"{name} has no budget; its size is set by {kind}.{name}.intensity."
        return (
            f"{one} {name} has no setting {key!r}.{nearest(key, fields)} It has "
            f"{', '.join(fields)}."
        )

    def _nearest(self, key: str, word: bool) -> str:
        """The nearest key that may be set; a bare name points to its full path."""
        if key in register():
            if word:
                return f" Did you mean {WORLD_PARAMETERS + key!r}?"
            return f" Parameters stand under 'world:' and 'parameters:', as '    {key}: …'."
        if key == "world.parameters":
            return f" Set one parameter at a time: {WORLD_PARAMETERS}KEY=value."
        if key.startswith(WORLD_PARAMETERS):
            close = nearest_parameter(key.removeprefix(WORLD_PARAMETERS))
            return close.replace("'", f"'{WORLD_PARAMETERS}", 1)
        if self.has_study:
            for part, fields in (("study", StudyConfig), ("report", ReportConfig)):
                if key in fields.model_fields:
                    return f" Did you mean '{part}.{key}'?"
            for kind in SINGULAR:
                if key.partition(".")[0] in lever_names(kind):
                    tail = key if "." in key else f"{key}.intensity"
                    return f" Did you mean '{kind}.{tail}'?"
        nested = ["study", "report"] if self.has_study else []
        valid = [*self.plain, *_dotted("world", WorldConfig.model_fields)]
        if self.has_study:
            valid += [*_dotted("study", StudyConfig.model_fields)]
            valid += [*_dotted("report", ReportConfig.model_fields), *SINGULAR]
        valid += self.choices if word else nested
        return nearest(key, dict.fromkeys(valid))


def key_of(kind: str, rest: str) -> str:
    """Join a kind and what follows it to a dotted key."""
    return f"{kind}.{rest}" if rest else kind


def _dotted(prefix: str, names: Iterable[str]) -> list[str]:
    return [f"{prefix}.{name}" for name in names]
