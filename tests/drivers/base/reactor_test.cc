// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/reactor.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "drivers/base/file_limit.h"

#include <CppUTest/TestHarness.h>

using namespace sr;

namespace {

struct Pair {
  Pair() { ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd.data()); }
  ~Pair() {
    ::close(fd[0]);
    ::close(fd[1]);
  }
  std::array<int, 2> fd{};
};

std::string take(int fd) {
  char text[256];
  const ssize_t n = ::read(fd, text, sizeof text);
  return std::string(text, n > 0 ? static_cast<std::size_t>(n) : 0);
}

}  // namespace

TEST_GROUP(Reactor) {
  Reactor reactor;
  std::vector<std::string> seen;
  // A run that hangs is a failed test, not a hung one.
  void spin() {
    const TimerId guard = reactor.timers().after(10s, [this] {
      seen.push_back("guard");
      reactor.stop();
    });
    reactor.run();
    reactor.timers().cancel(guard);
  }
  std::string all() const {
    std::string text;
    for (const auto& one : seen) text += (text.empty() ? "" : " ") + one;
    return text;
  }
};

TEST(Reactor, runs_timers_in_the_order_of_their_instants) {
  auto& t = reactor.timers();
  t.after(3ms, [&] { seen.push_back("c"); reactor.stop(); });
  t.after(1ms, [&] { seen.push_back("a"); });
  t.after(2ms, [&] { seen.push_back("b"); });
  spin();
  STRCMP_EQUAL("a b c", all().c_str());
}

TEST(Reactor, a_timer_never_runs_before_its_instant_and_now_stands_still_within_a_turn) {
  auto& t = reactor.timers();
  int early = 0, moved = 0;
  for (int i = 1; i <= 50; ++i) {
    const Instant due = t.now() + Duration(i * 137);
    t.at(due, [&, due, i] {
      const Instant now = t.now();
      if (now < due) ++early;
      for (int k = 0; k < 1000; ++k)
        if (t.now() != now) ++moved;
      if (i == 50) reactor.stop();
    });
  }
  spin();
  CHECK_EQUAL(0, early);
  CHECK_EQUAL(0, moved);
}

TEST(Reactor, a_cancelled_timer_does_not_run_and_does_not_stop_later_ones) {
  auto& t = reactor.timers();
  const TimerId id = t.after(1ms, [&] { seen.push_back("cancelled"); });
  t.after(5ms, [&] { seen.push_back("later"); reactor.stop(); });
  t.cancel(id);
  spin();
  STRCMP_EQUAL("later", all().c_str());
}

TEST(Reactor, an_earlier_timer_set_from_a_callback_is_served_first) {
  auto& t = reactor.timers();
  t.after(200ms, [&] { seen.push_back("late"); reactor.stop(); });
  t.after(1ms, [&] { t.after(1ms, [&] { seen.push_back("early"); }); });
  spin();
  STRCMP_EQUAL("early late", all().c_str());
}

TEST(Reactor, a_watch_reports_again_as_long_as_bytes_are_left) {
  Pair p;
  CHECK_EQUAL(3, ::write(p.fd[1], "abc", 3));
  auto watch = reactor.watch(p.fd[0], [&] {
    char c = 0;
    CHECK_EQUAL(1, ::read(p.fd[0], &c, 1));
    seen.push_back(std::string(1, c));
    if (seen.size() == 3) reactor.stop();
  });
  spin();
  STRCMP_EQUAL("a b c", all().c_str());
}

TEST(Reactor, a_watch_may_end_itself_in_its_own_callback) {
  Pair p;
  CHECK_EQUAL(1, ::write(p.fd[1], "x", 1));
  std::unique_ptr<Reactor::Watch> watch;
  watch = reactor.watch(p.fd[0], [&] {
    seen.push_back("once");
    watch.reset();
    reactor.timers().after(5ms, [&] { reactor.stop(); });
  });
  spin();
  STRCMP_EQUAL("once", all().c_str());
  STRCMP_EQUAL("x", take(p.fd[0]).c_str());  // the descriptor is still open
}

TEST(Reactor, an_urgent_watch_passes_over_ordinary_data) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  LONGS_EQUAL(0, ::bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at));
  LONGS_EQUAL(0, ::listen(listener, 1));
  LONGS_EQUAL(0, ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &length));
  const int out = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  LONGS_EQUAL(0, ::connect(out, reinterpret_cast<sockaddr*>(&at), sizeof at));
  const int in = ::accept(listener, nullptr, nullptr);
  LONGS_EQUAL(1, ::send(out, "a", 1, 0));
  std::unique_ptr<Reactor::Watch> watch = reactor.watch_urgent(in, false, [&] {
    seen.push_back("urgent");
    watch.reset();
    reactor.stop();
  });
  reactor.timers().after(30ms, [&] {
    seen.push_back("timer");
    LONGS_EQUAL(1, ::send(out, "!", 1, MSG_OOB));
  });
  reactor.run();
  CHECK(seen == std::vector<std::string>({"timer", "urgent"}));
  for (const int fd : {listener, out, in}) ::close(fd);
}

TEST(Reactor, writable_runs_only_while_it_is_wanted) {
  Pair p;
  int writable = 0;
  std::unique_ptr<Reactor::Watch> watch;
  watch = reactor.watch(p.fd[0], [] {}, [&] {
    if (++writable == 3) {
      watch->want_write(false);
      reactor.timers().after(5ms, [&] { reactor.stop(); });
    }
  });
  reactor.timers().after(2ms, [&] {
    CHECK_EQUAL(0, writable);
    watch->want_write(true);
  });
  spin();
  CHECK_EQUAL(3, writable);
}

TEST(Reactor, timers_are_served_while_descriptors_are_always_ready) {
  std::vector<std::unique_ptr<Pair>> pairs;
  std::vector<std::unique_ptr<Reactor::Watch>> watches;
  long reads = 0;
  for (int i = 0; i < 20; ++i) {
    pairs.push_back(std::make_unique<Pair>());
    CHECK_EQUAL(1, ::write(pairs.back()->fd[1], "x", 1));
    watches.push_back(reactor.watch(pairs.back()->fd[0], [&] { ++reads; }));  // never read: ready for ever
  }
  reactor.timers().after(30ms, [&] { seen.push_back("timer"); reactor.stop(); });
  spin();
  STRCMP_EQUAL("timer", all().c_str());
  CHECK(reads > 20);
}

TEST(Reactor, posted_work_from_other_threads_all_runs_on_the_loop) {
  constexpr int kThreads = 4, kEach = 500;
  int ran = 0;
  const auto loop = std::this_thread::get_id();
  bool elsewhere = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < kEach; ++k)
        reactor.post([&] {
          if (std::this_thread::get_id() != loop) elsewhere = true;
          if (++ran == kThreads * kEach) reactor.stop();
        });
    });
  spin();
  for (auto& t : threads) t.join();
  CHECK_EQUAL(kThreads * kEach, ran);
  CHECK_FALSE(elsewhere);
}

TEST(Reactor, posted_work_runs_in_a_later_turn_and_keeps_its_order) {
  reactor.on_turn_end([&] { seen.push_back("end"); });
  reactor.post([&] {
    seen.push_back("one");
    reactor.post([&] { seen.push_back("three"); reactor.stop(); });
  });
  reactor.post([&] { seen.push_back("two"); });
  spin();
  STRCMP_EQUAL("end one two end three end", all().c_str());
}

TEST(Reactor, work_for_the_end_of_the_turn_runs_once_and_after_the_hooks) {
  reactor.on_turn_end([&] { seen.push_back("hook"); });
  reactor.post([&] {
    reactor.at_turn_end([&] {
      seen.push_back("once");
      reactor.at_turn_end([&] { seen.push_back("nested"); });
    });
    reactor.post([&] { reactor.stop(); });
  });
  spin();
  STRCMP_EQUAL("hook hook once nested hook", all().c_str());
}

TEST(Reactor, a_signal_is_delivered_inside_the_loop) {
  int got = 0;
  reactor.on_signal([&](int signal) {
    got = signal;
    reactor.stop();
  });
  reactor.timers().after(1ms, [] { ::raise(SIGTERM); });
  spin();
  CHECK_EQUAL(SIGTERM, got);
}

TEST(Reactor, a_stop_before_the_run_ends_that_run_and_no_later_one) {
  reactor.post([&] { seen.push_back("turn"); });
  reactor.stop();
  spin();
  STRCMP_EQUAL("", all().c_str());
  reactor.timers().after(1ms, [&] { reactor.stop(); });
  spin();
  STRCMP_EQUAL("turn", all().c_str());
}

TEST(Reactor, an_idle_loop_takes_no_turns) {
  int turns = 0;
  reactor.on_turn_end([&] { ++turns; });
  reactor.timers().after(100ms, [&] { reactor.stop(); });
  reactor.run();
  CHECK(turns <= 3);  // the start, the alarm, the timer
}

TEST(Reactor, its_time_is_the_wall_clock_at_the_start) {
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  const std::int64_t wall = std::int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1000;
  const std::int64_t ours = to_us(reactor.timers().now());
  CHECK(ours - wall < 60'000'000 && wall - ours < 60'000'000);
}

TEST(Reactor, a_watch_that_ends_another_in_the_same_turn_is_obeyed) {
  Pair a, b;
  CHECK_EQUAL(1, ::write(a.fd[1], "x", 1));
  CHECK_EQUAL(1, ::write(b.fd[1], "x", 1));
  std::unique_ptr<Reactor::Watch> first, second;
  int ran = 0;
  first = reactor.watch(a.fd[0], [&] { ++ran; first.reset(); second.reset(); });
  second = reactor.watch(b.fd[0], [&] { ++ran; first.reset(); second.reset(); });
  reactor.timers().after(5ms, [&] { reactor.stop(); });
  spin();
  CHECK_EQUAL(1, ran);  // whichever came first
}

TEST(Reactor, a_new_watch_does_not_hear_what_was_ready_for_the_one_before) {
  Pair a, b, quiet;
  CHECK_EQUAL(1, ::write(a.fd[1], "x", 1));
  CHECK_EQUAL(1, ::write(b.fd[1], "x", 1));
  std::unique_ptr<Reactor::Watch> first, second, third;
  int wrong = 0;
  const auto change = [&] {
    first.reset();
    second.reset();
    if (!third) third = reactor.watch(quiet.fd[0], [&] { ++wrong; });
  };
  first = reactor.watch(a.fd[0], change);
  second = reactor.watch(b.fd[0], change);
  reactor.timers().after(5ms, [&] { reactor.stop(); });
  spin();
  CHECK_EQUAL(0, wrong);
}

TEST(Reactor, a_long_callback_does_not_take_the_turn_from_those_behind_it) {
  std::vector<std::unique_ptr<Pair>> pairs;
  std::vector<std::unique_ptr<Reactor::Watch>> watches;
  std::array<int, 8> heard{};
  const auto work = [] {  // longer than a turn may be
    timespec from{}, to{};
    clock_gettime(CLOCK_MONOTONIC, &from);
    do clock_gettime(CLOCK_MONOTONIC, &to);
    while ((to.tv_sec - from.tv_sec) * 1'000'000'000 + to.tv_nsec - from.tv_nsec < 6'000'000);
  };
  for (std::size_t i = 0; i < heard.size(); ++i) {
    pairs.push_back(std::make_unique<Pair>());
    CHECK_EQUAL(1, ::write(pairs.back()->fd[1], "x", 1));
    watches.push_back(reactor.watch(pairs.back()->fd[0], [&, i] {  // never read: ready for ever
      ++heard[i];
      work();
      int all_heard = 0;
      for (const int n : heard) all_heard += n > 0 ? 1 : 0;
      if (all_heard == static_cast<int>(heard.size())) reactor.stop();
    }));
  }
  spin();
  for (const int n : heard) CHECK_EQUAL(1, n);
}

TEST(Reactor, busy_descriptors_are_gathered_while_a_prompt_one_is_served_at_once) {
  Pair busy, prompt;
  int taken = 0;
  const auto gathering = reactor.watch_gathered(busy.fd[0], [&] { taken += static_cast<int>(take(busy.fd[0]).size()); });
  for (int i = 0; i < 200; ++i) {  // they come closely, and are still looked at one by one: there is no spacing
    (void)!::write(busy.fd[1], "x", 1);
    reactor.post([&] { reactor.stop(); });
    spin();
  }
  CHECK(taken >= 199);

  reactor.gather_every(5s);
  reactor.timers().after(20ms, [&] { reactor.stop(); });
  for (int i = 0; i < 3; ++i) (void)!::write(busy.fd[1], "x", 1);
  spin();
  const int before = taken;  // that was this spacing's first look
  for (int i = 0; i < 100; ++i) (void)!::write(busy.fd[1], "x", 1);
  const auto prompting = reactor.watch(prompt.fd[0], [&] {
    seen.push_back(take(prompt.fd[0]));
    reactor.stop();
  });
  (void)!::write(prompt.fd[1], "now", 3);
  spin();
  STRCMP_EQUAL("now", all().c_str());
  CHECK_EQUAL(before, taken);

  reactor.gather_every({});
  reactor.timers().after(20ms, [&] { reactor.stop(); });
  spin();
  CHECK_EQUAL(before + 100, taken);  // nothing is forgotten
}

TEST(Reactor, more_prompt_descriptors_than_a_turn_takes_leave_room_for_the_gathered) {
  raise_file_limit();
  std::vector<std::unique_ptr<Pair>> pairs;
  std::vector<std::unique_ptr<Reactor::Watch>> watches;
  int heard = 0, gathered = 0;
  Pair span;
  (void)!::write(span.fd[1], "x", 1);
  const auto gathering = reactor.watch_gathered(span.fd[0], [&] { gathered += static_cast<int>(take(span.fd[0]).size()); });
  for (int i = 0; i < 1100; ++i) {
    pairs.push_back(std::make_unique<Pair>());
    (void)!::write(pairs.back()->fd[1], "x", 1);
    watches.push_back(reactor.watch(pairs.back()->fd[0], [&, fd = pairs.back()->fd[0]] {
      heard += static_cast<int>(take(fd).size());
      if (heard == 1100) reactor.timers().after(1ms, [&] { reactor.stop(); });
    }));
  }
  spin();
  CHECK_EQUAL(1100, heard);
  CHECK_EQUAL(1, gathered);
}
