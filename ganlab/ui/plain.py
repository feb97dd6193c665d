"""What a user, a file or an address gave, as plain text: shown as it is, and never as markup. Pure.

Streamlit takes nearly every text for Markdown (labels, tooltips and errors too), and Plotly takes
some tags for HTML. Whatever is not our own goes through one of these.
"""

from __future__ import annotations

import html
import re
import unicodedata

_MARKUP = re.compile(
    r"[\\`*\[\]$~|]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|&(?=[#A-Za-z])|:(?=[A-Za-z])"
    r"|^[#+=>-]"
)
_NUMBER = re.compile(r"^(\d+)([.)])")  # would begin a list
_JOINER = "\u2060"  # seen by nobody, and between two characters they are no pattern any more
# What Streamlit makes of a text once its escapes were read: icons, emoji, links and arrows.
_LATE = re.compile(
    r"(?<=:)(?=[\w+-]+:|/|material)|(?<=@)(?=\S)|(?<=www)(?=\.)"
    r"|(?<=[<>~-])(?<!\S[<>~-])(?=(?:->|[>=-])(?!\S))",
    re.IGNORECASE,
)
_LONG = 60  # characters
_BREAKS = ("Cc", "Zl", "Zp")
_UNSEEN = ("Cf", "Cs")  # may turn or hide what stands beside them
_JOINING = "\u200c\u200d"  # of these, the two that some scripts and emoji need


def text(value: object) -> str:
    """Markdown that shows the text in one line, as it is.

    >>> print(text("![x](y) *a*"))
    !\\[x\\](y) \\*a\\*
    """
    escaped = _MARKUP.sub(r"\\\g<0>", _LATE.sub(_JOINER, _line(value)))
    return _NUMBER.sub(r"\1\\\2", escaped)


def named(value: str) -> str:
    """Markdown of a name that somebody gave, in quotes; of a very long one, its beginning.

    >>> named("a" * 5000) == "'" + "a" * 60 + "…'"
    True
    """
    return text(repr(value if len(value) <= _LONG else value[:_LONG] + "…"))


def code(value: object) -> str:
    """Markdown that shows the text in one line as code.

    >>> code("lr_d = 0.1"), code("a ` b")
    ('`lr_d = 0.1`', '`` a ` b ``')
    """
    shown = _line(value).replace(":material/", f":{_JOINER}material/")
    if "`" not in shown:
        return f"`{shown}`" if shown else ""
    fence = "`" * (1 + max(map(len, re.findall("`+", shown))))
    return f"{fence} {shown} {fence}"


def chart(value: object) -> str:
    """The text for a figure's titles, names and hover texts, which may hold tags of HTML.

    >>> chart("<a href='x'>")
    "&lt;a href='x'&gt;"
    """
    return html.escape(_line(value), quote=False)


def _line(value: object) -> str:
    shown = "".join(_seen(each) for each in str(value))
    return " ".join(filter(None, shown.split(" ")))


def _seen(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in _BREAKS:
        return " "
    return "" if kind in _UNSEEN and character not in _JOINING else character
