# What the show_* scripts share: starting shows, finding their processes, reading rows, WAVs and traces. Python's standard library only.
# SPDX-License-Identifier: GPL-2.0-or-later
import json, math, os, shutil, signal, struct, subprocess, sys, time

BUILD = os.environ.get("BUILD", "build")
FAILED = []

def check(name, good, why=""):
    print(f"ok {name}" if good else f"not ok {name}: {why}", flush=True)
    if not good:
        FAILED.append(name)

def finish():
    sys.exit(1 if FAILED else 0)

class Show:
    """One show in a run directory of its own; its output goes to <dir>.out, or wherever `popen` sends it."""
    def __init__(self, name, *options, **popen):
        self.dir = f"{BUILD}/e2e/{name}"
        os.makedirs(f"{BUILD}/e2e", exist_ok=True)
        for old in (self.dir, self.dir + ".prev"):
            shutil.rmtree(old, ignore_errors=True)
        self.out = open(f"{self.dir}.out", "w")
        self.process = subprocess.Popen([f"{BUILD}/bin/show", "--run-dir", self.dir, *options], **{"stdout": self.out, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL, **popen})
        self.pids = set()

    def child(self, name):
        """The pid of boardd, ctid or callgen of this show, or None."""
        try:
            pids = open(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read().split()
        except OSError:
            return None
        for pid in map(int, pids):
            self.pids.add(pid)
            try:
                if open(f"/proc/{pid}/comm").read().strip() == name:
                    return pid
            except OSError:
                pass
        return None

    def progress(self):
        try:
            return json.load(open(f"{self.dir}/progress.json"))
        except (OSError, ValueError):
            return {}

    def wait_until(self, condition, seconds):
        end = time.time() + seconds
        while time.time() < end and self.process.poll() is None:
            if condition(self.progress()):
                return True
            time.sleep(0.05)
        return False

    def wait_children(self, seconds):
        """Until all three are there."""
        return self.wait_until(lambda p: all([self.child(name) for name in ("boardd", "ctid", "callgen")]), seconds)

    def kill(self, name):
        """kill -9; the time of it in microseconds, or None when there was nobody."""
        pid = self.child(name)
        if pid is None:
            return None
        os.kill(pid, signal.SIGKILL)
        return int(time.time() * 1e6)

    def end(self, seconds):
        """The exit status; None: it did not end and was killed."""
        for name in ("boardd", "ctid", "callgen"):
            self.child(name)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = None
        self.out.close()
        return status

    def text(self, lines=25):
        return " | ".join(l.strip() for l in open(f"{self.dir}.out").read().splitlines()[-lines:] if l.strip())

    def report(self):
        try:
            return json.load(open(f"{self.dir}/report.json"))
        except (OSError, ValueError):
            return {}

    def rows(self, name="exchange.jsonl"):
        try:
            return [json.loads(l) for l in open(f"{self.dir}/{name}")]
        except OSError:
            return []

    def left_over(self, seconds=0):
        """Its processes that are still there after so long."""
        end = time.time() + seconds
        while self._alive() and time.time() < end:
            time.sleep(0.05)
        return self._alive()

    def _alive(self):
        def alive(pid):
            try:
                return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] != "Z"
            except OSError:
                return False
        return [p for p in self.pids if alive(p)]

def alaw_table():
    table = []
    for byte in range(256):
        x = byte ^ 0x55
        exponent, mantissa = (x >> 4) & 7, x & 15
        value = (mantissa << 4) + 8 if exponent == 0 else ((mantissa << 4) + 0x108) << (exponent - 1)
        table.append(value if x & 0x80 else -value)
    return table
ALAW = alaw_table()

def read_wav(path):
    """(left, right) as bytes of A-law."""
    data = open(path, "rb").read()
    at = 12
    while at + 8 <= len(data):
        name, length = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
        if name == b"data":
            body = data[at + 8:at + 8 + min(length, len(data) - at - 8)]
            return body[0::2], body[1::2]
        at += 8 + length + (length & 1)
    return b"", b""

def tone_seconds(samples, hz, step=4000, window=400):
    """Seconds in which one tone of `hz` carries nearly all the energy, looked at each half second."""
    k = 2 * math.cos(2 * math.pi * hz / 8000)
    found = 0
    for start in range(0, len(samples) - window, step):
        s1 = s2 = energy = 0.0
        for byte in samples[start:start + window]:
            x = ALAW[byte]
            energy += x * x
            s1, s2 = x + k * s1 - s2, s1
        power = s1 * s1 + s2 * s2 - k * s1 * s2
        if energy > window * 1e4 and power > 0.7 * energy * window / 2:
            found += 1
    return found * step / 8000

def tshark(pcap, *options):
    return subprocess.run(["tshark", "-r", pcap, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.splitlines()
