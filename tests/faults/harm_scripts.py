"""Scripts that look at all a process has, and end in every way: name -> source."""

from __future__ import annotations

SURROUNDINGS = '''
"""The docstring of the script."""
x: int = 3
import os, sys
print(sorted(sys.modules), sorted(map(repr, sys.path_importer_cache)), len(sys.meta_path))
import atexit, faulthandler, gc, inspect, linecache, locale, random, resource, signal, threading
import tracemalloc, warnings
print(__name__, __doc__, __package__, __spec__, __file__, __annotations__, __builtins__)
print(sys.argv, sys.path, sys.orig_argv, sys.flags, sys.warnoptions, sys._xoptions)
print(list(os.environ.items()), os.getcwd(), os.listdir("/proc/self/fd"))
print(open("/proc/self/cmdline", "rb").read())
for name in ("excepthook", "unraisablehook", "displayhook", "breakpointhook"):
    print(name, getattr(sys, name) is getattr(sys, f"__{name}__"))
print(threading.excepthook is threading.__excepthook__, threading.active_count())
print(len(sys._current_frames()), len(os.listdir("/proc/self/task")))
print([(number, str(signal.getsignal(number))) for number in sorted(signal.valid_signals())])
print(signal.pthread_sigmask(signal.SIG_BLOCK, []))
print(os.getpgrp() == os.getpid(), os.umask(0o22), os.nice(0))
print([resource.getrlimit(each) for each in range(10)])
print([stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)])
print([(s.encoding, s.errors, s.line_buffering, s.write_through) for s in (sys.stdout, sys.stderr)])
print(locale.getlocale(), sys.getfilesystemencoding(), sys.getrecursionlimit(), sys.gettrace())
print(gc.isenabled(), gc.get_threshold(), gc.callbacks, faulthandler.is_enabled())
print(tracemalloc.is_tracing(), warnings.filters, warnings.showwarning.__module__)
print(len(inspect.stack()), inspect.getsource(sys.modules["__main__"])[:60])
print(linecache.getline(__file__, 3), atexit._ncallbacks() <= 1)
def deep(n):
    try:
        return deep(n + 1)
    except RecursionError:
        return n
print(deep(0))
warnings.warn("of the script")
warnings.warn("above the script", DeprecationWarning, stacklevel=2)
if 1 is 1:
    print("\\d")
try:
    import tests, ganlab
except ModuleNotFoundError as error:
    print(error)
from beside import here
print(here)
'''

ASKS = """
import sys
print(input("first? "), sys.stdin.readline(), sys.stdin.read())
input("and now? ")
"""

OWN_HOOK = """
import atexit, logging, sys, threading, time
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
def hook(kind, error, trace):
    print("own hook", kind, error, trace.tb_lineno, trace.tb_next.tb_next, flush=True)
sys.excepthook = hook
atexit.register(lambda: print("first in, last out", sys.excepthook is hook, sys.last_value))
atexit.register(lambda: logging.info("last in, first out"))
class Late:
    def __del__(self):
        raise ValueError("in a destructor")
late = Late()
def fails():
    raise OSError("in a thread")
thread = threading.Thread(target=fails, name="one")
thread.start()
thread.join()
def slow():
    time.sleep(0.1)
    print("a thread outlives the main one", flush=True)
threading.Thread(target=slow).start()
def inner():
    raise KeyError("gone")
inner()
"""

BROKEN_HOOK = """
import sys
def hook(*_):
    raise ValueError("in the hook")
sys.excepthook = hook
try:
    1 / 0
except ZeroDivisionError as error:
    raise RuntimeError("from another") from error
"""

PROCESSES = """
import concurrent.futures, multiprocessing, os, pickle, subprocess, sys
class Own:
    def __init__(self, value):
        self.value = value
def double(own):
    return Own(2 * own.value)
if __name__ == "__main__":
    print(pickle.loads(pickle.dumps(Own(1))).value, pickle.dumps(Own))
    for way in ("spawn", "fork"):
        with multiprocessing.get_context(way).Pool(1) as pool:
            print(way, [own.value for own in pool.map(double, [Own(1), Own(2)])])
    look = "import os, sys; print(sys.path, list(os.environ.items()), os.getppid() > 1)"
    print(subprocess.run([sys.executable, "-c", look], capture_output=True, text=True))
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        open("forked.txt", "w").write("a forked process ends as a script does")
        sys.exit(3)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""

DAEMON = """
import os
os.umask(0o777)
os.chdir("/")
os.closerange(3, 64)
print(open(__file__).fileno())
os.write(1, b"whatever mask and descriptors\\n")
"""

ENDS = {
    "text": "import sys\nsys.exit('said at the end')",
    "nothing": "import sys\nsys.exit()",
    "256": "import sys\nsys.exit(256)",
    "300": "import sys\nsys.exit(300)",
    "-1": "import sys\nsys.exit(-1)",
    "huge": "import sys\nsys.exit(1 << 70)",
    "object": "raise SystemExit([1, 2])",
    "interrupt": "def f():\n    raise KeyboardInterrupt\nf()",
    "signal": "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nprint('not reached')",
    "user signal": "import os, signal\nos.kill(os.getpid(), signal.SIGUSR1)",
    "group": "import os, signal\nos.killpg(os.getpgrp(), signal.SIGTERM)",
    "_exit": "import os\nprint('unflushed')\nos._exit(5)",
    "abort": "import os\nos.abort()",
    "group exception": "raise ExceptionGroup('two', [ValueError(1), KeyError(2)])",
    "exit in atexit": "import atexit, os\natexit.register(lambda: os._exit(9))",
    "no such module": "import importlib\nimportlib.import_module('torch_that_is_not_there')",
    "own torch": "import sys\nsys.modules['torch'] = None\nimport torch",
}

TRAINING = """
import importlib, os, random, sys, warnings
torch = importlib.import_module("torch")
import numpy
from torch import nn
import torch.nn.functional as F
environment, filters, shown = dict(os.environ), len(warnings.filters), warnings.showwarning
random.seed(1), numpy.random.seed(1), torch.manual_seed(5)
counts = dict(backward=0, call=0, hook=0, step=0, detach=0)
def counted(owner, name, what):
    original = getattr(owner, name)
    def patched(*args, **kwargs):
        counts[what] += 1
        return original(*args, **kwargs)
    setattr(owner, name, patched)
counted(torch.Tensor, "backward", "backward")
counted(torch.Tensor, "detach", "detach")
counted(nn.Module, "__call__", "call")
counted(torch.optim.Adam, "step", "step")
def hook(*_):
    counts["hook"] += 1
nn.modules.module.register_module_forward_hook(hook)
class G(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
    def forward(self, z):
        print("G", len(z), random.random(), numpy.random.rand())
        return self.net(z)
class D(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    def forward(self, x):
        print("D", len(x), random.random(), file=sys.stderr)
        return self.net(x)
g, d = G(), D()
opt_g = torch.optim.Adam(g.parameters(), lr=1e-3)
opt_d = torch.optim.Adam(d.parameters(), lr=1e-9)
ones, zeros, loss = torch.ones(32, 1), torch.zeros(32, 1), nn.BCEWithLogitsLoss()
for step in range(160):
    real = torch.randn(32, 2) * 0.1 + torch.randint(0, 2, (32, 1))
    opt_d.zero_grad()
    fake = g(torch.randn(32, 4))
    (loss(d(real), ones) + loss(d(fake.detach()), zeros)).backward()
    opt_d.step()
    opt_g.zero_grad()
    loss(d(fake), ones).backward()
    opt_g.step()
    if step == 5:
        torch.save(g(torch.randn(2, 4)), "samples.pt")
        for batch in torch.utils.data.DataLoader(torch.arange(4), num_workers=2):
            print(batch)
        for _ in range(2):
            F.mse_loss(real[:, :1], real[:, 0])
        F.mse_loss(real[:, :1], real[:, 0])
torch.save([g.state_dict(), d.state_dict(), torch.get_rng_state()], "weights.pt")
print(counts, random.random(), numpy.random.rand(), torch.rand(2), torch.get_num_threads())
print(os.environ == environment, len(warnings.filters) == filters, warnings.showwarning is shown)
print(sys.excepthook is sys.__excepthook__, sys.path, type(torch.__spec__))
def late():
    F.mse_loss(torch.ones(2, 3), torch.ones(5))
late()
"""
