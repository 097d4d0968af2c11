// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/base/options.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cstdint>
#include <iostream>
#include <vector>

namespace sr::cli {

Option& Option::required() { option_->required(); return *this; }
Option& Option::shows_default() { option_->capture_default_str(); return *this; }
Option& Option::takes(int values) { option_->expected(values); return *this; }
Option& Option::between(int least, int most) { option_->check(CLI::Range(least, most)); return *this; }
Option& Option::between(double least, double most) { option_->check(CLI::Range(least, most)); return *this; }
Option& Option::not_negative() {
  option_->check(CLI::Validator(
      [](std::string& text) {
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        return error == std::errc() && end == text.data() + text.size() ? std::string() : "'" + text + "' is no whole number from 0 on";
      },
      "NUMBER"));
  return *this;
}
Option& Option::one_of(std::initializer_list<const char*> words) {
  option_->check(CLI::IsMember(std::vector<std::string>(words.begin(), words.end())));
  return *this;
}
Option& Option::existing_file() { option_->check(CLI::ExistingFile); return *this; }

template <class T>
Option Command::option(const std::string& name, T& to, const std::string& text) {
  return Option(app_->add_option(name, to, text));
}
template Option Command::option(const std::string&, std::string&, const std::string&);
template Option Command::option(const std::string&, int&, const std::string&);
template Option Command::option(const std::string&, double&, const std::string&);
template Option Command::option(const std::string&, std::uint64_t&, const std::string&);
template Option Command::option(const std::string&, std::vector<std::string>&, const std::string&);

Option Command::flag(const std::string& name, bool& to, const std::string& text) { return Option(app_->add_flag(name, to, text)); }
Command Command::command(const std::string& name, const std::string& text) { return Command(app_->add_subcommand(name, text)); }
void Command::needs_command() { app_->require_subcommand(1); }
void Command::footer(const std::string& text) { app_->footer(text); }
void Command::when_given(std::function<void()> act) { app_->callback(std::move(act)); }
bool Command::given() const { return app_->parsed(); }

Program::Program(const std::string& text, const std::string& name) : Command(nullptr), owned_(std::make_unique<CLI::App>(text, name)) { app_ = owned_.get(); }
Program::~Program() = default;
void Program::version(const std::string& text) { app_->set_version_flag("--version", text); }
void Program::options_anywhere() { app_->fallthrough(); }

std::optional<int> Program::parse(int argc, char** argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::RequiredError& error) {
    const auto strange = app_->remaining(true);
    if (strange.empty() || strange.front().starts_with('-')) return app_->exit(error) == 0 ? kDone : kWrongUse;
    std::cerr << "there is no command '" << strange.front() << "'\nRun with --help for more information.\n";
    return kWrongUse;
  } catch (const CLI::ParseError& error) {
    return app_->exit(error) == 0 ? kDone : kWrongUse;
  }
  return std::nullopt;
}

}  // namespace sr::cli
