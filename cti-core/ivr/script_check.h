// What is wrong with a script before a caller hears it: names that nothing defines, prompts and queues that do not exist, files
// that cannot be included. Pure: it gets the words of the files and answers from whoever knows.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "cti-core/ivr/script_lexer.h"
#include "drivers/base/result.h"

namespace sr::ivr {

struct Names {  // an empty function: everything exists
  std::function<bool(const std::string&)> queue_exists, prompt_exists;  // prompt: "zh/welcome"
};

// One engine's check without an engine, for `ctictl ivr check FILE`: compiles `script` (below `directory`) and whatever it
// includes. Empty: nothing is wrong.
std::vector<Error> check_script(const std::string& directory, const std::string& script, const Names& names);

// ---- its parts -------------------------------------------------------------------------------------------------------
struct SourceFile {
  std::string name;
  std::vector<Token> tokens;
};
struct Included { std::string name; int line = 0; };

// Literal arguments of include("…"); one that is no literal is an error.
std::vector<Included> includes_of(const SourceFile& file, std::vector<Error>& errors);

struct Sandboxed {
  std::function<bool(const std::string&)> global;                                // "play"
  std::function<bool(const std::string& library, const std::string& name)> member;  // "string", "find"
};
// Names read that are neither of the sandbox nor given a value anywhere in the program; prompts and queues by literal name.
void check_names(const std::vector<SourceFile>& program, const Sandboxed& sandbox, const Names& names, std::vector<Error>& errors);

}  // namespace sr::ivr
