// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/board/codec.h"

#include <array>
#include <charconv>

#include "drivers/base/json.h"

namespace sr::board {
namespace {

struct HelloLine {
  std::string hello;
  int version = 0;
  std::optional<std::uint64_t> epoch;
  std::optional<std::map<std::string, std::uint64_t>> last;
};
BOOST_DESCRIBE_STRUCT(HelloLine, (), (hello, version, epoch, last))
struct TraceLine { std::string span; std::optional<bool> on; };
BOOST_DESCRIBE_STRUCT(TraceLine, (), (span, on))
struct FrameLine { std::string span; bool sent = false; Instant at{}; std::string hex; };
BOOST_DESCRIBE_STRUCT(FrameLine, (), (span, sent, at, hex))
struct EventHead { std::uint64_t epoch = 0; std::uint64_t seq = 0; Instant at{}; };
BOOST_DESCRIBE_STRUCT(EventHead, (), (epoch, seq, at))
struct ErrorLine { std::string error; std::uint64_t line_no = 0; };
BOOST_DESCRIBE_STRUCT(ErrorLine, (), (error, line_no))
struct DoneLine { std::string done; };
BOOST_DESCRIBE_STRUCT(DoneLine, (), (done))

constexpr char kHex[] = "0123456789abcdef";

int nibble(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; }

Result<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0 || hex.size() > 2 * kFrameBytesMax) return fail("member 'frame.hex' must be pairs of hexadecimal digits");
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = nibble(hex[i]), low = nibble(hex[i + 1]);
    if (high < 0 || low < 0) return fail("member 'frame.hex' must be pairs of hexadecimal digits");
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

// The alternative of V that `name` names, read from the members of `v`.
template <class V>
Result<V> read_named(const boost::json::value& v, std::string_view name, const char* kind) {
  V out;
  Status status;
  if (!json::for_named<V>(name, [&]<class T>() { status = json::read(v, out.template emplace<T>(), {}); }))
    return fail(std::string("unknown ") + kind + " '" + std::string(name.substr(0, 40)) + "'");
  if (!status) return std::unexpected(status.error());
  return out;
}

template <class T>
Result<T> read_struct(const boost::json::value& v, const json::Path& path = {}) {
  T out{};
  if (auto ok = json::read(v, out, path); !ok) return std::unexpected(ok.error());
  return out;
}

template <class T>
void write_in(std::string& out, std::string_view name, const T& what) {
  out.append("{\"").append(name).append("\":");
  json::write(out, what);
  out += '}';
}

Result<Request> read_hello(const boost::json::value& v) {
  auto line = read_struct<HelloLine>(v);
  if (!line) return std::unexpected(line.error());
  Hello hello{line->hello, line->version, {}};
  if (line->last)
    for (const auto& [text, seq] : *line->last) {
      std::uint64_t epoch = 0;
      const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), epoch);
      if (ec != std::errc{} || end != text.data() + text.size()) return fail("member 'last' must name epochs by their number");
      hello.last[epoch] = seq;
    }
  return Request(std::move(hello));
}

const boost::json::value* member(const boost::json::value& v, std::string_view name) { return v.get_object().if_contains(name); }

Result<std::string_view> name_in(const boost::json::value& v, const char* what) {
  if (!v.is_string()) return fail(std::string("member '") + what + "' must be a string");
  return std::string_view(v.get_string());
}

Result<boost::json::value> read_object(std::string_view line) {
  auto v = json::parse(line);
  if (v && !v->is_object()) return fail("a line must be one JSON object");
  return v;
}

}  // namespace

std::string_view name_of(const Command& command) {
  return std::visit([](const auto& c) { return c.kName; }, command);
}
std::string_view name_of(const Event& event) {
  return std::visit([](const auto& e) { return e.kName; }, event);
}

void write(std::string& out, const Command& command) {
  std::visit([&](const auto& c) {
    out += "{\"command\":\"";
    out += c.kName;
    out += '"';
    json::write_members(out, c, false);
    out += '}';
  }, command);
}

void write(std::string& out, const Envelope& envelope) {
  std::visit([&](const auto& e) {
    out += "{\"event\":\"";
    out += e.kName;
    out += "\",\"epoch\":";
    json::write(out, envelope.epoch);
    out += ",\"seq\":";
    json::write(out, envelope.seq);
    out += ",\"at\":";
    json::write(out, envelope.at);
    json::write_members(out, e, false);
    out += '}';
  }, envelope.event);
}

void write(std::string& out, const Snapshot& snapshot) {
  out += "{\"snapshot\":";
  json::write(out, snapshot);
  out += '}';
}

void write_frame(std::string& out, std::string_view span, bool sent, Instant at, std::span<const std::uint8_t> bytes) {
  out += "{\"frame\":{\"span\":";
  json::write_string(out, span);
  out += sent ? ",\"sent\":true,\"at\":" : ",\"sent\":false,\"at\":";
  json::write(out, at);
  out += ",\"hex\":\"";
  for (const std::uint8_t b : bytes.first(std::min(bytes.size(), kFrameBytesMax))) {
    out += kHex[b >> 4];
    out += kHex[b & 15];
  }
  out += "\"}}";
}

void write(std::string& out, const Request& request) {
  struct Writer {
    std::string& out;
    void operator()(const Hello& h) const {
      HelloLine line{h.who, h.version, {}, {}};
      if (!h.last.empty())
        for (auto& last = line.last.emplace(); const auto& [epoch, seq] : h.last) last[std::to_string(epoch)] = seq;
      json::write(out, line);
    }
    void operator()(const Command& c) const { write(out, c); }
    void operator()(const StatusRequest&) const { out += "{\"request\":\"status\"}"; }
    void operator()(const TraceRequest& t) const {
      out += "{\"request\":\"trace\"";
      json::write_members(out, TraceLine{t.span, t.on}, false);
      out += '}';
    }
    void operator()(const LineTest& test) const {
      std::visit([&](const auto& t) {
        out += "{\"request\":\"";
        out += t.kName;
        out += '"';
        json::write_members(out, t, false);
        out += '}';
      }, test);
    }
    void operator()(const EndTest&) const { out += "{\"request\":\"end\"}"; }
  };
  std::visit(Writer{out}, request);
}

void write(std::string& out, const Report& report) {
  struct Writer {
    std::string& out;
    void operator()(const Welcome& w) const { json::write(out, HelloLine{"boardd", w.version, w.epoch, {}}); }
    void operator()(const Envelope& e) const { write(out, e); }
    void operator()(const Snapshot& s) const { write(out, s); }
    void operator()(const Frame& f) const {
      write_frame(out, f.span, f.sent, f.at, {reinterpret_cast<const std::uint8_t*>(f.bytes.data()), f.bytes.size()});
    }
    void operator()(const Done& d) const { json::write(out, DoneLine{d.what}); }
    void operator()(const LineError& e) const { json::write(out, ErrorLine{e.error, e.line_no}); }
    void operator()(const LevelReport& l) const { write_in(out, "level", l); }
    void operator()(const BertReport& b) const { write_in(out, "bert", b); }
  };
  std::visit(Writer{out}, report);
}

Result<Request> read_request(std::string_view line) {
  const auto v = read_object(line);
  if (!v) return std::unexpected(v.error());
  if (const auto* command = member(*v, "command")) {
    const auto name = name_in(*command, "command");
    if (!name) return std::unexpected(name.error());
    auto read = read_named<Command>(*v, *name, "command");
    if (!read) return std::unexpected(read.error());
    return Request(std::move(*read));
  }
  if (member(*v, "hello")) return read_hello(*v);
  if (const auto* request = member(*v, "request")) {
    const auto name = name_in(*request, "request");
    if (!name) return std::unexpected(name.error());
    if (*name == "status") return Request(StatusRequest{});
    if (*name == "end") return Request(EndTest{});
    if (*name != "trace") {
      LineTest test;
      Status status;
      if (!json::for_named<LineTest>(*name, [&]<class T>() { status = json::read(*v, test.emplace<T>(), {}); }))
        return fail("unknown request '" + std::string(name->substr(0, 40)) + "'", {}, "status, trace, call, level, loopback, bert or end");
      if (!status) return std::unexpected(status.error());
      return Request(std::move(test));
    }
    auto trace = read_struct<TraceLine>(*v);
    if (!trace) return std::unexpected(trace.error());
    return Request(TraceRequest{std::move(trace->span), trace->on.value_or(true)});
  }
  return fail("a line must have 'command', 'hello' or 'request'");
}

Result<Report> read_report(std::string_view line) {
  const auto v = read_object(line);
  if (!v) return std::unexpected(v.error());
  if (const auto* event = member(*v, "event")) {
    const auto name = name_in(*event, "event");
    if (!name) return std::unexpected(name.error());
    const auto head = read_struct<EventHead>(*v);
    if (!head) return std::unexpected(head.error());
    auto read = read_named<Event>(*v, *name, "event");
    if (!read) return std::unexpected(read.error());
    return Report(Envelope{head->epoch, head->seq, head->at, std::move(*read)});
  }
  if (const auto* snapshot = member(*v, "snapshot")) {
    auto read = read_struct<Snapshot>(*snapshot, "snapshot");
    if (!read) return std::unexpected(read.error());
    return Report(std::move(*read));
  }
  if (const auto* frame = member(*v, "frame")) {
    auto read = read_struct<FrameLine>(*frame, "frame");
    if (!read) return std::unexpected(read.error());
    auto bytes = from_hex(read->hex);
    if (!bytes) return std::unexpected(bytes.error());
    return Report(Frame{std::move(read->span), read->sent, read->at, std::move(*bytes)});
  }
  if (const auto* level = member(*v, "level")) {
    auto read = read_struct<LevelReport>(*level, "level");
    if (!read) return std::unexpected(read.error());
    return Report(std::move(*read));
  }
  if (const auto* bert = member(*v, "bert")) {
    auto read = read_struct<BertReport>(*bert, "bert");
    if (!read) return std::unexpected(read.error());
    return Report(std::move(*read));
  }
  if (member(*v, "error")) {
    auto read = read_struct<ErrorLine>(*v);
    if (!read) return std::unexpected(read.error());
    return Report(LineError{std::move(read->error), read->line_no});
  }
  if (member(*v, "hello")) {
    const auto read = read_struct<HelloLine>(*v);
    if (!read) return std::unexpected(read.error());
    return Report(Welcome{read->version, read->epoch.value_or(0)});
  }
  if (member(*v, "done")) {
    auto read = read_struct<DoneLine>(*v);
    if (!read) return std::unexpected(read.error());
    return Report(Done{std::move(read->done)});
  }
  return fail("a line must have 'event', 'snapshot', 'frame', 'level', 'bert', 'hello', 'done' or 'error'");
}

}  // namespace sr::board
