// The memory of the Lua state. Each block carries the account of the call that asked for it, so that what one call holds is
// known exactly, garbage included. A call over its limit is not answered with "no memory" – Lua would then collect the whole state
// on the spot – but gets its block and a word to whoever watches (over_limit), who ends it at its next instruction.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "cti-core/ivr/limits.h"

namespace sr::ivr {

class LuaHeap {
 public:
  using Account = std::uint32_t;
  static constexpr Account kNobody = 0;  // the engine itself

  explicit LuaHeap(std::size_t state_bytes_max = kStateBytesMax) : state_max_(state_bytes_max), accounts_(1) {}
  LuaHeap(const LuaHeap&) = delete;
  LuaHeap& operator=(const LuaHeap&) = delete;

  static void* allocate(void* heap, void* block, std::size_t old_size, std::size_t new_size);  // lua_Alloc

  Account open();              // a call begins
  void close(Account account); // it has ended; its blocks may live until they are collected
  void enter(Account account); // from here its allocations count as one turn
  void leave();

  bool over_limit() const { return over_limit_; }
  const char* which_limit() const { return which_; }
  std::function<void()> on_over_limit;  // once per turn, from inside the allocator

  bool full() const { return total_ > state_max_; }
  std::size_t total() const { return total_; }
  std::size_t held(Account account) const { return accounts_[account].bytes; }
  std::size_t turn_growth() const { return grown_; }
  std::size_t accounts_open() const { return open_; }

 private:
  struct Entry { std::size_t bytes = 0; bool in_use = false; };
  struct Header { std::size_t size; Account account; };
  void* get(std::size_t size);
  void put(Header* header);
  void charge(std::size_t size);
  void over(const char* which);

  std::size_t state_max_, total_ = 0, grown_ = 0, open_ = 0;
  std::vector<Entry> accounts_;
  std::vector<Account> free_;
  Account current_ = kNobody;
  bool over_limit_ = false;
  const char* which_ = "";
};

}  // namespace sr::ivr
