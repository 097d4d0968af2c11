// JSON-RPC 2.0 as the CTI socket speaks it: a line in, requests or ready error answers out; and the lines that go out.
// Pure functions of text. One object, or a batch of at most kBatchMax, per line. Error codes and words: docs/CTI.md.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sr::cti {

inline constexpr std::size_t kBatchMax = 32;
inline constexpr std::size_t kRequestLineMax = 64 * 1024;
inline constexpr std::size_t kMethodNameMax = 64;

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;
inline constexpr int kNoSuchThing = 4041;
inline constexpr int kWrongState = 4090;
inline constexpr int kResumeTooOld = 4101;
inline constexpr int kNotAccepted = 4220;
inline constexpr int kRateLimited = 4290;
inline constexpr int kResourceBusy = 5031;

struct RpcError {
  int code = kInvalidRequest;
  std::string message;
  std::string data;  // further members of `data`, as JSON without braces; may be empty
  std::string word;  // data.code; empty: the usual word of the code
};

struct Request {
  std::string id;      // as JSON text; empty: a notification, which is never answered
  std::string method;  // empty: `error` says why this is no request
  std::string params;  // an object as JSON text
  RpcError error;
};

struct Line {
  bool batch = false;
  std::vector<Request> requests;  // at least one
};

Line parse_line(std::string_view text);

std::string result_line(std::string_view id, std::string_view result);
std::string error_line(std::string_view id, const RpcError& error);  // an empty id is written as null
std::string notification(std::string_view method, std::string_view params_members);
std::string_view word_of(int code);   // "no_such_thing", "wrong_state" …
bool retryable(int code);

}  // namespace sr::cti
