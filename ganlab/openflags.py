"""The flags by which files are opened that others may have put there: opening one ends.

What a platform lacks is 0: whoever opens looks at what it has got all the same.
"""

from __future__ import annotations

import os

NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a pipe keeps nobody waiting
PLAIN = NO_WAIT | getattr(os, "O_NOFOLLOW", 0)  # nor does a link lead elsewhere
_BINARY = getattr(os, "O_BINARY", 0)
READ = os.O_RDONLY | _BINARY | PLAIN
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY | PLAIN
