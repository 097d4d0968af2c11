// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/ivr/lua_heap.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "drivers/base/result.h"

namespace sr::ivr {

LuaHeap::Account LuaHeap::open() {
  ++open_;
  if (free_.empty()) {
    accounts_.push_back({0, true});
    return static_cast<Account>(accounts_.size() - 1);
  }
  const Account a = free_.back();
  free_.pop_back();
  accounts_[a] = {0, true};
  return a;
}

void LuaHeap::close(Account account) {
  SR_ENSURE(account != kNobody && accounts_[account].in_use);
  --open_;
  accounts_[account].in_use = false;
  if (accounts_[account].bytes == 0) free_.push_back(account);
}

void LuaHeap::enter(Account account) {
  current_ = account;
  grown_ = 0;
  over_limit_ = false;
}

void LuaHeap::leave() { current_ = kNobody; }

void LuaHeap::over(const char* which) {
  if (over_limit_) return;
  over_limit_ = true;
  which_ = which;
  if (on_over_limit) on_over_limit();
}

void LuaHeap::charge(std::size_t size) {
  total_ += size;
  accounts_[current_].bytes += size;
  if (current_ == kNobody) return;
  grown_ += size;
  const std::size_t held = accounts_[current_].bytes;
  if (size > kBlockBytesMax)
    over("one value of a script may have 64 KB");
  else if (grown_ > kTurnBytesMax)
    over("a script may take 256 KB of memory in one turn");
  else if (held > kCallBytesMax)
    over("a call may hold 512 KB of memory");
  else if (total_ > state_max_ && held > kFairCallBytes)
    over("all scripts together have used up their memory");
}

void* LuaHeap::get(std::size_t size) {
  if (current_ != kNobody && size > kRefuseBytes) {
    over("one value of a script may have 64 KB");
    return nullptr;
  }
  if (total_ + size > 2 * state_max_) return nullptr;
  void* raw = std::malloc(size + sizeof(Header));
  if (raw == nullptr) return nullptr;
  auto* header = ::new (raw) Header{size, current_};
  charge(size);
  return header + 1;
}

void LuaHeap::put(Header* header) {
  total_ -= header->size;
  Entry& entry = accounts_[header->account];
  entry.bytes -= header->size;
  if (header->account == current_ && current_ != kNobody) grown_ -= std::min(grown_, header->size);
  if (entry.bytes == 0 && !entry.in_use && header->account != kNobody) free_.push_back(header->account);
  std::free(header);
}

void* LuaHeap::allocate(void* heap, void* block, std::size_t, std::size_t new_size) {
  auto& self = *static_cast<LuaHeap*>(heap);
  Header* header = block == nullptr ? nullptr : static_cast<Header*>(block) - 1;
  if (new_size == 0) {
    if (header != nullptr) self.put(header);
    return nullptr;
  }
  if (header == nullptr) return self.get(new_size);
  // Shrinking must not fail (manual, lua_Alloc); it stays with the account that it had.
  if (new_size <= header->size) {
    const std::size_t less = header->size - new_size;
    auto* moved = static_cast<Header*>(std::realloc(header, new_size + sizeof(Header)));
    if (moved == nullptr) return block;
    moved->size = new_size;
    self.total_ -= less;
    self.accounts_[moved->account].bytes -= less;
    return moved + 1;
  }
  // What is the engine's own (the table of all strings, the registry) stays so, whoever's turn it is when it must grow.
  const Account before = self.current_;
  if (header->account == kNobody) self.current_ = kNobody;
  void* fresh = self.get(new_size);
  if (fresh != nullptr) {
    std::memcpy(fresh, block, header->size);
    self.put(header);
  }
  self.current_ = before;
  return fresh;
}

}  // namespace sr::ivr
