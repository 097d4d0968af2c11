// The one loop of a daemon: file descriptors, timers, signals and work handed over from other threads. Everything that decides
// runs inside it, on one thread. A turn is one wake-up with all that was ready; turn-end hooks run once per turn, which is
// where sockets flush, so that all lines of a turn leave in one write.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <memory>

#include "drivers/base/time.h"

namespace sr {

class Reactor {
 public:
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  Timers& timers();  // real time; now() is read once per turn

  // A readiness watch: `ready` runs each time fd can be read (level-triggered); the watch ends with the object, which
  // may be inside its own callback, but before the Reactor. fd stays the caller's and is closed after the watch.
  class Watch {
   public:
    virtual ~Watch() = default;
    virtual void want_write(bool on) = 0;  // while on, `writable` runs when fd can be written
  };
  std::unique_ptr<Watch> watch(int fd, std::function<void()> readable, std::function<void()> writable = {});
  std::unique_ptr<Watch> watch_gathered(int fd, std::function<void()> readable, std::function<void()> writable = {});
  // Exceptional conditions (EPOLLPRI) and errors; ordinary data as well only with `data`: for devices whose samples another
  // thread reads.
  std::unique_ptr<Watch> watch_urgent(int fd, bool data, std::function<void()> ready);

  void on_turn_end(std::function<void()> hook);  // for the life of the reactor
  void at_turn_end(std::function<void()> hook);  // at the end of this turn only, after those hooks; what it adds runs in this turn too
  void on_signal(std::function<void(int)> handler);  // SIGINT, SIGTERM, SIGHUP
  void post(std::function<void()> work);  // from any thread: runs in a later turn

  // While what watch_gathered() watches is ready often, it is looked at only so long after the last time, and all that came
  // meanwhile is taken in one turn; what comes rarely is taken at once (arrival_pacer.h). Zero, as at the start: always at once.
  void gather_every(Duration spacing);

  void run();   // until stop(); not a turn when that was called before
  void stop();  // on the loop's thread; ends one run()

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The process's clock as libpri sees it: gettimeofday() in clock_override.cc answers with `now` of the Timers named here
// (nullptr: the machine's own clock), on the calling thread. Executables that link libpri link clock_override.o and refuse to
// start unless process_clock_is_ours().
void use_process_clock(const Timers* timers);
bool process_clock_is_ours();  // false: the override is not hit in this executable

}  // namespace sr
