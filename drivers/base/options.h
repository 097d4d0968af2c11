// The options and commands of a program, as --help shows them. A thin front over CLI11 so that no main pays for compiling it.
//   cli::Program program("boardd: spans, signalling and media");
//   program.option("--profile", profile, "hardware profile").required();
//   if (const auto status = program.parse(argc, argv)) return *status;
// Variables outlive the parsing; Option and Command are handles that live as long as their Program. main's thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

namespace CLI {
class App;
class Option;
}

namespace sr::cli {

inline constexpr int kDone = 0, kWrongUse = 2;

class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}
  Option& required();
  Option& shows_default();  // the variable's value at this moment
  Option& takes(int values);
  Option& between(int least, int most);
  Option& between(double least, double most);
  Option& not_negative();  // a whole number of up to 64 bits
  Option& one_of(std::initializer_list<const char*> words);
  Option& existing_file();

 private:
  CLI::Option* option_;
};

class Command {
 public:
  explicit Command(CLI::App* app) : app_(app) {}
  // A name without dashes is an argument by position. T: std::string, int, double, std::uint64_t, std::vector<std::string>.
  template <class T>
  Option option(const std::string& name, T& to, const std::string& text = {});
  Option flag(const std::string& name, bool& to, const std::string& text);
  Command command(const std::string& name, const std::string& text);
  void needs_command();                    // exactly one of its commands must be given
  void footer(const std::string& text);    // below its --help
  void when_given(std::function<void()> act);
  bool given() const;

 protected:
  CLI::App* app_;
};

class Program : public Command {
 public:
  explicit Program(const std::string& text, const std::string& name = {});
  ~Program();
  void version(const std::string& text);    // --version
  void options_anywhere();                  // the program's own options may also stand behind a command
  // Fills the variables. A value: the status to exit with, because --help was printed (kDone) or what is wrong (kWrongUse).
  std::optional<int> parse(int argc, char** argv);

 private:
  std::unique_ptr<CLI::App> owned_;
};

}  // namespace sr::cli
