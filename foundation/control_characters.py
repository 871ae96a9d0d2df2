"""Characters that are refused in every value: control characters, line ends and marks that change the writing direction.

A line break in a name would end a mail's header; an override shows a reader another word than the one that is compared.
"""

import re
import unicodedata

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
"""C0 and C1 but tab and line break, the two Unicode line ends, and the characters with the property Bidi_Control."""
IN_FILE = re.compile(f"[{_CONTROL}]")
"""What no file holds."""
IN_PROSE = re.compile(f"[\r{_CONTROL}]")
"""What no text of several lines holds."""
IN_LINE = re.compile(f"[\t\n\r{_CONTROL}]")
"""What no text of one line holds."""


def control_fault(character: str) -> str:
    """Say which character is not allowed, and what to do."""
    if character in "\t\n\r":
        what = "a tab" if character == "\t" else "a line break"
        return f"holds {what}, and is one line of plain text; remove it"
    name = unicodedata.name(character, "")
    return f"holds the control character U+{ord(character):04X}{f' ({name})' if name else ''}; remove it"
