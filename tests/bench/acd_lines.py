"""Figures of ctid alone: a board without wires (programs/fast_board.cc) drives the real daemon over the real board link.
ctid has one processor to itself, the board the other. bench/run calls these.
"""
# SPDX-License-Identifier: GPL-2.0-or-later
import json, os, shutil, signal, subprocess, time

TICKS = os.sysconf("SC_CLK_TCK")


def config(agents, length_max):
    text = '[center]\n\n[[number]]\nnumber = "4006001"\nbusiness = "bench"\nscript = "bench.lua"\nqueue = "orders"\nlanguage = "zh"\nrecord = "none"\n'
    text += f'\n[[queue]]\nname = "orders"\nagents = ["20001-{20000 + agents}"]\ntimeout_s = 3600\nlength_max = {length_max}\n'
    return text + "".join(f'\n[[agent]]\nid = "{20001 + i}"\npin = "1234"\nwrap_up_s = 0\n' for i in range(agents))


class Alone:
    """ctid with a board that has no wires."""

    def __init__(self, bench, name, agents, callers, through=False, length_max=20000):
        self.bench, self.agents, self.dir = bench, agents, f"{bench.OUT}/{name}"
        shutil.rmtree(self.dir, ignore_errors=True)
        os.makedirs(self.dir + "/scripts/data")
        shutil.copy("tests/bench/scripts/bench.lua", self.dir + "/scripts/bench.lua")
        shutil.copy("ivr-scripts/data/business.sql", self.dir + "/scripts/data/business.sql")
        with open(self.dir + "/center.toml", "w") as f:
            f.write(config(agents, length_max))
        self.board_argv = ["build/bench/bin/fast_board", "--socket", self.dir + "/board.sock", "--callers", str(callers), "--stations", str(agents)]
        self.board_argv += ["--through"] if through else []
        self.board = None

    def spawn(self, cpu, argv, **files):
        return subprocess.Popen(argv, stdin=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, {cpu}), **files)

    def __enter__(self):
        log = open(self.dir + "/ctid.log", "ab")
        d = self.dir
        self.ctid = self.spawn(self.bench.DAEMON_CPU, ["build/bin/ctid", "--config", d + "/center.toml", "--run-dir", d, "--scripts", d + "/scripts", "--log-level", "warn"],
                               stdout=log, stderr=log)
        deadline = time.time() + 20
        while not os.path.exists(d + "/cti.sock"):
            if time.time() > deadline or self.ctid.poll() is not None:
                raise SystemExit(f"bench: ctid did not start; see {d}/ctid.log")
            time.sleep(0.05)
        self.cti = self.bench.Cti(d + "/cti.sock")
        return self

    def login(self, ready):
        """A client may do 50 things a second; so several clients."""
        for first in range(0, self.agents, 50):
            cti = self.bench.Cti(self.dir + "/cti.sock")
            some = range(first, min(first + 50, self.agents))
            answers = cti.call_all("agent.login", [{"agent": str(20001 + i), "device": str(10001 + i), "pin": "1234", "ready": ready} for i in some])
            if wrong := next((a for a in answers if "error" in a), None):
                raise SystemExit(f"bench: agent.login: {wrong}")
            cti.s.close()

    def let_in(self):
        self.board = self.spawn(self.bench.CALLGEN_CPU, self.board_argv, stdout=open(self.dir + "/board.jsonl", "wb"), stderr=open(self.dir + "/board.log", "wb"))

    def counts(self):
        lines = open(self.dir + "/board.jsonl").read().split("\n")[:-1]
        return json.loads(lines[-1]) if lines else {"offered": 0, "answered": 0, "ended": 0, "rang": 0}

    def cpu(self):
        fields = open(f"/proc/{self.ctid.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def rss_kb(self):
        return next(int(l.split()[1]) for l in open(f"/proc/{self.ctid.pid}/status") if l.startswith("VmRSS:"))

    def wakeups(self):
        """Of all its threads: how often one went to sleep of itself, so how often one was woken."""
        tasks = f"/proc/{self.ctid.pid}/task"
        return sum(int(l.split()[1]) for t in os.listdir(tasks) for l in open(f"{tasks}/{t}/status") if l.startswith("voluntary_ctxt_switches:"))

    def waiting(self):
        return sum(q["waiting"] for q in self.cti.call("queue.list")["result"]["items"])

    def until_waiting(self, callers, seconds=60):
        deadline = time.time() + seconds
        while self.waiting() < callers:
            if time.time() > deadline:
                raise SystemExit(f"bench: {self.waiting()} of {callers} wait after {seconds} s; see {self.dir}")
            time.sleep(0.2)
        time.sleep(2)

    def __exit__(self, *_):
        for child in (self.board, self.ctid):
            if child and child.poll() is None:
                child.send_signal(signal.SIGTERM)
                try:
                    child.wait(20)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()


def decide(bench):
    """Agent ready -> decision inside ctid, 10,000 callers in 200 queues by skill, 1,000 agents."""
    out = json.loads(subprocess.run(["build/bench/bin/decide"], capture_output=True, text=True, check=True).stdout)
    bench.say(f"  {out}")
    bench.result("decision.p99_us", out["p99_us"], "us", 100, out["p99_us"] <= 100 and out["waiting"] == 10000 and not out["nobody"] and not out["broken"])


def through(bench):
    """Callers through ctid: offered, script, queue, agent, connected, cleared; 1,000 at once, ctid on one processor."""
    with Alone(bench, "through", agents=900, callers=1000, through=True) as a:
        a.login(ready=True)
        a.let_in()
        time.sleep(6)
        begin, t0, c0 = a.counts()["answered"], time.monotonic(), a.cpu()
        time.sleep(15)
        done, lasted, spent = a.counts()["answered"] - begin, time.monotonic() - t0, a.cpu() - c0
        books = json.loads(subprocess.run(["build/bin/ctictl", "books", "--json", "--db", a.dir + "/journal.db"], capture_output=True, text=True).stdout)
        rate = done / lasted
        bench.say(f"  {done} answered in {lasted:.1f} s, ctid {spent / lasted * 100:.0f} % of a core, books {'balanced' if books['balanced'] else 'DIFFER'}")
        bench.result("queue.transactions_per_s", round(rate), "calls/s", 2000, rate >= 2000 and books["balanced"])
        bench.result("queue.ctid_cpu_ms", round(spent / max(1, done) * 1000, 3), "ms per call", None, None)


def parked(bench):
    """10,000 callers wait and nothing happens: memory of ctid for each of them, and how often it wakes: once a second the CTI server looks for stalled readers."""
    with Alone(bench, "parked", agents=100, callers=10000) as a:
        a.login(ready=False)
        before = a.rss_kb()
        a.let_in()
        a.until_waiting(10000)
        each = (a.rss_kb() - before) / 10000
        bench.result("waiting.ctid_kb", round(each, 2), "KB per waiting call inside ctid", 8, each <= 8)
        time.sleep(3)
        woken, c0 = a.wakeups(), a.cpu()
        time.sleep(10)
        woken, spent = a.wakeups() - woken, a.cpu() - c0
        bench.say(f"  10,000 wait: {woken} wake-ups in 10 s, {spent * 1000:.0f} ms of processor")
        bench.result("waiting.ctid_wakeups", woken / 10, "per s with 10,000 waiting", 2, woken <= 20)


def simulation(bench):
    """3 million simulated calls."""
    begin = time.monotonic()
    argv = ["build/bin/ctictl", "simulate", "--calls-per-hour", "3000", "--aht", "180", "--agents", "160", "--hours", "1000", "--json"]
    out = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
    took = time.monotonic() - begin
    bench.result("simulate.s", round(took, 2), "s for 3 million calls", 200, took <= 200 and out["offered"] > 2_990_000)


LINES = {"decide": decide, "through": through, "parked": parked, "simulation": simulation}
