"""One thread for torch in every test: networks this small gain nothing from more."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
