// Signals as a readable descriptor. The handler is the process's, so there is one door at a time that is open: the last one.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace sr {

class SignalDoor {
 public:
  SignalDoor();
  ~SignalDoor();  // the signals that it caught end the process again
  SignalDoor(const SignalDoor&) = delete;
  SignalDoor& operator=(const SignalDoor&) = delete;

  int fd() const { return fd_; }  // readable when take() has something
  bool catch_signal(int signal);  // 1 to 63; false: the system refused
  int take();                     // one that has arrived, the lowest first; 0: none

 private:
  const int fd_;
  unsigned long long caught_ = 0, taken_ = 0;
};

}  // namespace sr
