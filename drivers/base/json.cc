// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/json.h"

#include <cmath>
#include <cstdio>

namespace sr::json {
namespace {

constexpr std::size_t kDepthMax = 16;

// Length of the UTF-8 sequence at the start of `s`, 0 if it is not one (RFC 3629).
std::size_t utf8_length(std::string_view s) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto tail = [&](std::size_t i) { return i < s.size() && (at(i) & 0xC0) == 0x80; };
  const unsigned char c = at(0);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return tail(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    if ((c == 0xE0 && at(1) < 0xA0) || (c == 0xED && at(1) > 0x9F)) return 0;
    return 3;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if ((c == 0xF0 && at(1) < 0x90) || (c == 0xF4 && at(1) > 0x8F)) return 0;
    return 4;
  }
  return 0;
}

// Boost.JSON 1.81 silently keeps the last of two equal keys, and what another parser would make of such a line is anybody's
// guess. So the members are counted twice: in the text (each has one colon outside of strings) and in the value.
std::size_t members_in_text(std::string_view text) {  // of valid JSON
  std::size_t count = 0;
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p != end) {
    const char c = *p++;
    if (c == ':') ++count;
    if (c != '"') continue;
    while (p != end && *p != '"') p += *p == '\\' ? 2 : 1;
    if (p != end) ++p;
  }
  return count;
}

struct Census {
  std::size_t members = 0;
  bool finite = true;
};
void count(const boost::json::value& v, Census& census) {
  if (const auto* list = v.if_array()) {
    for (const auto& one : *list) count(one, census);
  } else if (const auto* object = v.if_object()) {
    census.members += object->size();
    for (const auto& one : *object) count(one.value(), census);
  } else if (const auto* number = v.if_double()) {
    census.finite = census.finite && std::isfinite(*number);
  }
}

}  // namespace

void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += text[i++];
    } else if (c < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out += escaped;
      ++i;
    } else if (c < 0x80) {
      out += text[i++];
    } else if (const std::size_t n = utf8_length(text.substr(i)); n > 0) {
      out.append(text.substr(i, n));
      i += n;
    } else {
      out += "\xEF\xBF\xBD";
      ++i;
    }
  }
  out += '"';
}

void write_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char text[32];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

std::string Path::text() const {
  std::string out = above_ ? above_->text() : std::string();
  if (index_) return out + "[" + std::to_string(*index_) + "]";
  if (!out.empty()) out += '.';
  return out += name_;
}

namespace detail {

std::string_view name_of(Words words, std::int64_t value) {
  for (const Word& word : words)
    if (word.value == value) return word.name;
  return {};
}

const Word* find(Words words, std::string_view name) {
  for (const Word& word : words)
    if (word.name == name) return &word;
  return nullptr;
}

Status wrong(const char* expected, const Path& path) { return fail("member '" + path.text() + "' must be " + expected); }

Status wrong_word(Words words, const Path& path) {
  std::string names = "one of";
  for (const Word& word : words) names.append(" ").append(word.name);
  return wrong(names.c_str(), path);
}

void write_members(std::string& out, const void* object, Members members, bool first) {
  for (const Member& member : members) {
    const void* const at = static_cast<const char*>(object) + member.offset;
    if (member.type->is_absent && member.type->is_absent(at)) continue;
    if (!first) out += ',';
    first = false;
    out += '"';
    out += member.name;
    out += "\":";
    member.type->write(out, at);
  }
}

Status read_members(const boost::json::value& v, void* object, Members members, const Path& path) {
  if (!v.is_object()) return wrong("an object", path);
  for (const Member& member : members) {
    const Path at(path, member.name);
    if (const auto* found = v.get_object().if_contains(member.name)) {
      if (auto ok = member.type->read(*found, static_cast<char*>(object) + member.offset, at); !ok) return ok;
    } else if (!member.type->is_absent) {
      return fail("member '" + at.text() + "' is missing");
    }
  }
  return {};
}

}  // namespace detail

Result<boost::json::value> parse(std::string_view text) {
  thread_local boost::json::parser parser({}, [] {
    boost::json::parse_options options;
    options.max_depth = kDepthMax;
    return options;
  }());  // keeps its stack from line to line
  parser.reset(boost::json::make_shared_resource<boost::json::monotonic_resource>());  // a value's members lie in one piece
  boost::system::error_code ec;
  parser.write(text, ec);
  if (ec) return fail("not JSON: " + ec.message());
  boost::json::value v = parser.release();
  Census census;
  count(v, census);
  if (!census.finite) return fail("a number is too large");
  if (census.members != members_in_text(text)) return fail("a member is named twice");
  return v;
}

}  // namespace sr::json
