// A bounded ring between exactly one writing and one reading thread; no lock, no allocation after construction.
// A full ring refuses: the writer counts and reports it, and never waits.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace sr {

template <class T>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit SpscRing(std::size_t capacity)
      : size_(std::bit_ceil(capacity)), slots_(std::make_unique_for_overwrite<T[]>(size_)) {}

  bool push(const T& value) {  // writing thread
    const auto head = head_.load(std::memory_order_relaxed);
    if (head - tail_.load(std::memory_order_acquire) == size_) return false;
    slots_[head & (size_ - 1)] = value;
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  bool pop(T& value) {  // reading thread
    const auto tail = tail_.load(std::memory_order_relaxed);
    if (tail == head_.load(std::memory_order_acquire)) return false;
    value = slots_[tail & (size_ - 1)];
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  std::size_t size() const { return head_.load(std::memory_order_acquire) - tail_.load(std::memory_order_acquire); }
  std::size_t capacity() const { return size_; }

 private:
  const std::size_t size_;
  std::unique_ptr<T[]> slots_;
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
};

}  // namespace sr
