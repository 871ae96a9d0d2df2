"""Errors of stage 2, by what the caller can do.

::

    SeedsError
    ├── LexiconError      seeds/lures is wrong: each line names file, line and fix
    └── GazetteerError    seeds/places.yml is wrong: names file, line and fix
    ModelError            a folder holds no usable model: names file and fix
"""


class SeedsError(Exception):
    """A file of the seeds folder cannot be used; the message names file, line and fix."""


class ModelError(Exception):
    """A model cannot be used; the message names file and fix."""
