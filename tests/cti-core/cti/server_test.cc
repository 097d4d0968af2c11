// Over a real socket: the only place where real time passes in the tests of the CTI.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/cti-core/cti/fake_backend.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::cti;
using namespace sr::cti::test;

namespace {

constexpr Duration kPatience = 20s;  // on a loaded machine

std::string new_folder() {
  char name[] = "/tmp/sr_cti_XXXXXX";
  return ::mkdtemp(name);
}

}  // namespace

TEST_GROUP(CtiServer) {
  std::string folder = new_folder();
  Reactor reactor;
  std::unique_ptr<FakeBackend> backend = std::make_unique<FakeBackend>(reactor.timers(), folder + "/journal.db");
  std::unique_ptr<store::JournalReaderThread> journal;
  std::unique_ptr<CtiServer> server;
  std::vector<int> fds;

  void setup() override {
    journal = std::move(*store::JournalReaderThread::open(folder + "/journal.db", [this](std::function<void()> work) { reactor.post(std::move(work)); }));
    open(kStallMax);
  }
  void teardown() override {
    for (const int fd : fds) ::close(fd);
    server.reset();
    journal.reset();
    backend.reset();
    std::filesystem::remove_all(folder);
  }
  std::string path() { return folder + "/cti.sock"; }
  void open(Duration stall_max) {
    server.reset();
    CtiServer::Options options;
    options.path = path();
    options.stall_max = stall_max;
    server = std::move(*CtiServer::open(reactor, *backend, *journal, options));
  }

  void run(Duration d) {
    reactor.timers().after(d, [this] { reactor.stop(); });
    reactor.run();
  }
  bool run_until(const std::function<bool()>& done) {
    for (Duration waited{}; !done() && waited < kPatience; waited += 5ms) run(5ms);
    return done();
  }
  int connect() {
    fds.push_back(*connect_unix(path(), SOCK_STREAM));
    return fds.back();
  }
  void send(int fd, const std::string& text) { LONGS_EQUAL(text.size(), ::send(fd, text.data(), text.size(), MSG_NOSIGNAL)); }
  // Reads on until `lines` lines are there; empty: the other side closed first.
  std::vector<std::string> read(int fd, std::size_t lines) {
    std::string text;
    const auto count = [&] { return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')); };
    bool closed = false;
    run_until([&] {
      char bytes[65536];
      for (ssize_t n = 0; count() < lines && (n = ::recv(fd, bytes, sizeof bytes, MSG_DONTWAIT)) >= 0;) {
        if (n == 0) return closed = true;
        text.append(bytes, static_cast<std::size_t>(n));
      }
      return count() >= lines;
    });
    std::vector<std::string> out;
    if (closed) return out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }
  static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
};

TEST(CtiServer, answers_on_its_socket_which_only_owner_and_group_may_open) {
  struct stat file {};
  LONGS_EQUAL(0, ::stat(path().c_str(), &file));
  LONGS_EQUAL(0660, file.st_mode & 0777);
  const int fd = connect();
  send(fd, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.ping\"}\r\n");
  const auto lines = read(fd, 1);
  LONGS_EQUAL(1, lines.size());
  CHECK(has(lines[0], "\"ts\":\""));
}

TEST(CtiServer, a_second_one_on_the_same_socket_is_refused) {
  CtiServer::Options options;
  options.path = path();
  const auto second = CtiServer::open(reactor, *backend, *journal, options);
  CHECK_FALSE(second.has_value());
}

TEST(CtiServer, a_client_resumes_from_the_file_and_goes_on_live) {
  for (int i = 0; i < 700; ++i) backend->append(ev::CallData{CallId{1}, "k", std::to_string(i)});
  open(kStallMax);  // a new server has no window
  const int fd = connect();
  send(fd, R"({"jsonrpc":"2.0","id":1,"method":"sub.open","params":{"from":{"epoch":")" + std::to_string(backend->journal_epoch) + "\",\"seq\":100}}}\n");
  run_until([&] { return server->counters().sessions == 1; });
  for (int i = 0; i < 20; ++i) {
    run(1ms);
    backend->append(ev::CallData{CallId{1}, "k", "live"});
  }
  const auto lines = read(fd, 621);
  LONGS_EQUAL(621, lines.size());
  for (std::size_t i = 1; i < lines.size(); ++i) CHECK(has(lines[i], "\"seq\":" + std::to_string(100 + i) + ",\"prev\":" + std::to_string(99 + i) + ","));
}

TEST(CtiServer, a_reader_that_stops_is_cut_off_and_the_others_do_not_notice) {
  open(100ms);
  const int stopped = connect(), reading = connect();
  const std::string open_sub = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"sub.open\"}\n";
  send(stopped, open_sub);
  send(reading, open_sub);
  CHECK(run_until([&] { return server->counters().sessions == 2; }));
  LONGS_EQUAL(1, read(reading, 1).size());
  const std::string big(2000, 'x');
  std::size_t received = 0;
  std::string tail;
  const auto drain = [&] {
    char bytes[65536];
    for (ssize_t n = 0; (n = ::recv(reading, bytes, sizeof bytes, MSG_DONTWAIT)) > 0;) received += static_cast<std::size_t>(std::count(bytes, bytes + n, '\n'));
  };
  for (int i = 0; i < 2000; ++i) {
    backend->append(ev::CallData{CallId{1}, "k", big});
    if (i % 50 == 0) run(1ms);
    drain();
  }
  CHECK(run_until([&] { drain(); return server->counters().cut_off == 1 && received == 2000; }));
  LONGS_EQUAL(1, server->counters().sessions);
}

TEST(CtiServer, lines_far_too_long_and_garbage_end_only_their_own_session) {
  const int good = connect(), bad = connect(), worse = connect();
  send(bad, "hello\n" + std::string(kRequestLineMax + 10, 'x') + "\n");
  const auto lines = read(bad, 2);
  LONGS_EQUAL(2, lines.size());
  CHECK(has(lines[0], "parse_error"));
  CHECK(has(lines[1], "line_too_long"));
  (void)::fcntl(worse, F_SETFL, ::fcntl(worse, F_GETFL) & ~O_NONBLOCK);
  const std::string endless(100'000, 'y');
  CHECK(run_until([&] {
    (void)::send(worse, endless.data(), endless.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return server->counters().sessions == 1;
  }));
  send(good, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"session.ping\"}\n");
  LONGS_EQUAL(1, read(good, 1).size());
}

// The program in docs/CTI.md, taken out of the document and run.
TEST(CtiServer, the_screen_pop_of_the_manual_pops_and_remembers_its_place) {
  std::ifstream manual("docs/CTI.md");
  std::string program, line;
  bool inside = false;
  int lines = 0;
  while (std::getline(manual, line)) {
    if (line == "```") inside = false;
    if (inside) program += line + "\n", ++lines;
    if (line == "```python") inside = true;
  }
  CHECK(lines > 20 && lines <= 36);
  std::ofstream(folder + "/pop.py") << program;

  const auto pop = [&](int& out) {
    int pipe_fds[2];
    LONGS_EQUAL(0, ::pipe2(pipe_fds, O_CLOEXEC));
    const pid_t child = ::fork();
    if (child == 0) {
      ::dup2(pipe_fds[1], STDOUT_FILENO);
      ::execlp("python3", "python3", (folder + "/pop.py").c_str(), path().c_str(), "2001", (folder + "/place").c_str(), nullptr);
      ::_exit(127);
    }
    ::close(pipe_fds[1]);
    out = pipe_fds[0];
    (void)::fcntl(out, F_SETFL, O_NONBLOCK);
    return child;
  };
  std::string said;
  const auto says = [&](int fd, const std::string& what) {
    return run_until([&] {
      char bytes[4096];
      for (ssize_t n = 0; (n = ::read(fd, bytes, sizeof bytes)) > 0;) said.append(bytes, static_cast<std::size_t>(n));
      return has(said, what);
    });
  };
  const auto place = [&] {
    std::ifstream in(folder + "/place");
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const auto ring = [&](const char* caller, const char* agent) {
    backend->append(ev::Delivered{CallId{17}, "1001", agent, caller, "4006001", "orders", "C17", "O99", Cause::distributed});
  };

  int out = -1;
  pid_t child = pop(out);
  CHECK(says(out, "listening from 0"));
  ring("13800000001", "2001");
  CHECK(says(out, "13800000001 -> 4006001: customer C17, last order O99"));
  CHECK(run_until([&] { return has(place(), "\"seq\": 1}"); }));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(out);
  ring("13800000002", "2001");  // while nobody listens
  ring("13800000003", "2002");  // for somebody else

  said.clear();
  child = pop(out);
  CHECK(says(out, "13800000002 -> 4006001"));
  CHECK(run_until([&] { return has(place(), "\"seq\": 3}"); }));
  CHECK_FALSE(has(said, "13800000001"));
  CHECK_FALSE(has(said, "13800000003"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(out);
}
