// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/script_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sr::ivr {
namespace {

using Kind = Token::Kind;
constexpr std::array<const char*, 2> kLanguages = {"zh", "en"};

const Token& at(const SourceFile& file, std::size_t i) { return file.tokens[std::min(i, file.tokens.size() - 1)]; }
bool field_name(const SourceFile& file, std::size_t i) { return i > 0 && (at(file, i - 1).is(".") || at(file, i - 1).is(":")); }
std::string place(const SourceFile& file, const Token& token) { return fmt::format("{}:{}", file.name, token.line); }

// A name that stands for itself: no field, no key of a table constructor, no label.
bool stands_alone(const SourceFile& file, std::size_t i) {
  if (at(file, i).kind != Kind::name || field_name(file, i)) return false;
  const Token& next = at(file, i + 1);
  if (i > 0) {
    const Token& before = at(file, i - 1);
    if (before.is("goto") || before.is("::")) return false;
    if (next.is("=") && (before.is("{") || before.is(","))) return false;  // {key = …}; "a, b = 1, 2" gives values, see defined_names
    if (next.is(">") && before.is("<") && i > 2 && at(file, i - 2).kind == Kind::name) return false;  // local x <const>
  }
  return true;
}

void add_list(const SourceFile& file, std::size_t i, std::set<std::string>& names) {  // a, b, c
  for (;; ++i) {
    if (at(file, i).kind == Kind::name)
      names.insert(at(file, i).text);
    else if (at(file, i).is("<"))
      i += 2;  // attribute
    else if (!at(file, i).is(","))
      return;
  }
}

// Everything that is given a value somewhere: locals, parameters, loop variables, assigned globals.
std::set<std::string> defined_names(const std::vector<SourceFile>& program) {
  std::set<std::string> names = {"self"};
  for (const SourceFile& file : program)
    for (std::size_t i = 0; i < file.tokens.size(); ++i) {
      const Token& t = file.tokens[i];
      if (t.is("local") || t.is("for"))
        add_list(file, i + 1, names);
      else if (t.is("function")) {
        if (at(file, i + 1).kind == Kind::name && !at(file, i + 2).is(".") && !at(file, i + 2).is(":")) names.insert(at(file, i + 1).text);
        std::size_t open = i + 1;
        while (at(file, open).kind != Kind::end && !at(file, open).is("(")) ++open;
        add_list(file, open + 1, names);
      } else if (t.kind == Kind::name && !field_name(file, i) && at(file, i + 1).is("=") && !(i > 0 && at(file, i - 1).is("{")))
        names.insert(t.text);
      else if (t.kind == Kind::name && !field_name(file, i) && at(file, i + 1).is(",")) {  // a, b = …
        std::size_t end = i;
        while (at(file, end).kind == Kind::name && at(file, end + 1).is(",")) end += 2;
        if (at(file, end).kind == Kind::name && at(file, end + 1).is("=") && (i == 0 || !at(file, i - 1).is("{"))) names.insert(t.text);
      }
    }
  return names;
}

bool literal(const SourceFile& file, std::size_t i) {  // a string that is a whole argument or list item
  if (at(file, i).kind != Kind::string) return false;
  const Token &before = at(file, i - 1), &after = at(file, i + 1);
  const bool call_without_brackets = before.kind == Kind::name;
  return call_without_brackets || ((before.is("(") || before.is("{") || before.is(",") || before.is(";") || before.is("=")) &&
                                   (after.is(")") || after.is("}") || after.is(",") || after.is(";")));
}

class FileCheck {
 public:
  FileCheck(const SourceFile& file, const Sandboxed& sandbox, const std::set<std::string>& defined, const Names& names,
            std::vector<Error>& errors)
      : file_(file), sandbox_(sandbox), defined_(defined), names_(names), errors_(errors) {}

  void run() {
    for (std::size_t i = 0; i + 1 < file_.tokens.size(); ++i) {
      if (!stands_alone(file_, i)) continue;
      const Token& t = at(file_, i);
      if (defined_.contains(t.text)) continue;
      if (!sandbox_.global(t.text)) {
        if (!at(file_, i + 1).is("=")) unknown(i);
        continue;
      }
      if ((at(file_, i + 1).is(".") || at(file_, i + 1).is(":")) && !sandbox_.member(t.text, at(file_, i + 2).text))
        error(at(file_, i + 2), fmt::format("unknown function '{}.{}'", t.text, at(file_, i + 2).text), "docs/IVR.md lists the functions");
      if (t.text == "play")
        prompts(i + 1);
      else if (t.text == "collect")
        prompts_of_collect(i + 1);
      else if (t.text == "queue" || t.text == "agents_idle" || t.text == "calls_waiting" || t.text == "agents_staffed" || t.text == "agents_ready" || t.text == "oldest_wait" ||
               t.text == "expected_wait" || t.text == "is_open")
        queue(i + 1);
    }
  }

 private:
  void error(const Token& token, std::string what, std::string fix) {
    errors_.push_back({std::move(what), place(file_, token), std::move(fix)});
  }

  void unknown(std::size_t i) {
    const Token &t = at(file_, i), &next = at(file_, i + 1);
    const bool called = next.is("(") || next.is("{") || next.kind == Kind::string;
    error(t, fmt::format("unknown {} '{}'", called ? "function" : "name", t.text),
          called ? "docs/IVR.md lists the functions" : "nothing in this script gives it a value");
  }

  void prompt(const Token& token) {
    if (!names_.prompt_exists) return;
    bool found = token.text.find('/') != std::string::npos && names_.prompt_exists(token.text);
    if (token.text.find('/') == std::string::npos)
      for (const char* language : kLanguages) found = found || names_.prompt_exists(fmt::format("{}/{}", language, token.text));
    if (!found) error(token, fmt::format("unknown prompt '{}'", token.text), "add a line to ivr-scripts/prompts/<language>.txt, or a WAV");
  }

  // i: behind `play`. "x", ("x", …) or {"x", "y", …}: the literals of the first argument.
  void prompts(std::size_t i) {
    if (at(file_, i).kind == Kind::string) return prompt(at(file_, i));
    if (at(file_, i).is("(")) ++i;
    if (at(file_, i).is("{")) return list(i);
    if (literal(file_, i)) prompt(at(file_, i));
  }

  void list(std::size_t i) {  // i: the '{'; only items of this list, not of calls in it
    int depth = 0;
    for (; at(file_, i).kind != Kind::end; ++i) {
      const Token& t = at(file_, i);
      if (t.is("{") || t.is("(") || t.is("["))
        ++depth;
      else if (t.is("}") || t.is(")") || t.is("]")) {
        if (--depth == 0) return;
      } else if (depth == 1 && !at(file_, i - 1).is("=") && literal(file_, i))
        prompt(t);
    }
  }

  void prompts_of_collect(std::size_t i) {
    int depth = 0;
    for (; at(file_, i).kind != Kind::end; ++i) {
      const Token& t = at(file_, i);
      if (t.is("{") || t.is("("))
        ++depth;
      else if (t.is("}") || t.is(")")) {
        if (--depth <= 0) return;
      } else if (t.kind == Kind::name && t.text == "prompts" && at(file_, i + 1).is("=")) {
        if (at(file_, i + 2).is("{"))
          list(i + 2);
        else if (literal(file_, i + 2))
          prompt(at(file_, i + 2));
      }
    }
  }

  void queue(std::size_t i) {
    if (at(file_, i).is("(")) ++i;
    if (!literal(file_, i) || !names_.queue_exists || names_.queue_exists(at(file_, i).text)) return;
    error(at(file_, i), fmt::format("unknown queue '{}'", at(file_, i).text), "the queues are in center.toml, [[queue]]");
  }

  const SourceFile& file_;
  const Sandboxed& sandbox_;
  const std::set<std::string>& defined_;
  const Names& names_;
  std::vector<Error>& errors_;
};

}  // namespace

std::vector<Included> includes_of(const SourceFile& file, std::vector<Error>& errors) {
  std::vector<Included> out;
  for (std::size_t i = 0; i + 1 < file.tokens.size(); ++i) {
    const Token& t = file.tokens[i];
    if (t.kind != Kind::name || t.text != "include" || !stands_alone(file, i)) continue;
    const Token& next = at(file, i + 1);
    if (next.kind == Kind::string)
      out.push_back({next.text, t.line});
    else if (next.is("(") && at(file, i + 2).kind == Kind::string && at(file, i + 3).is(")"))
      out.push_back({at(file, i + 2).text, t.line});
    else
      errors.push_back({"include needs the name of a file in quotes", place(file, t), "include(\"lib/customer.lua\")"});
  }
  return out;
}

void check_names(const std::vector<SourceFile>& program, const Sandboxed& sandbox, const Names& names, std::vector<Error>& errors) {
  const std::set<std::string> defined = defined_names(program);
  for (const SourceFile& file : program) FileCheck(file, sandbox, defined, names, errors).run();
}

}  // namespace sr::ivr
