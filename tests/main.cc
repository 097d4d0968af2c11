// The main of every test program.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <CppUTest/CommandLineTestRunner.h>
#include <CppUTest/MemoryLeakWarningPlugin.h>

int main(int argc, char** argv) {
  MemoryLeakWarningPlugin::turnOffNewDeleteOverloads();  // leaks are LeakSanitizer's job (make asan)
  return CommandLineTestRunner::RunAllTests(argc, argv);
}
