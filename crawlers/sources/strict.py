"""The base of everything an operator writes: unknown keys are refused, nothing changes after it was read."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A mapping of a source file."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, use_attribute_docstrings=True)
