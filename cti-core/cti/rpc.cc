// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/rpc.h"

#include <array>

#include "drivers/base/json.h"

namespace sr::cti {
namespace {

struct Word { int code; std::string_view word; bool retryable; };
constexpr std::array kWords = {
    Word{kParseError, "parse_error", false},       Word{kInvalidRequest, "invalid_request", false}, Word{kMethodNotFound, "unknown_method", false},
    Word{kInvalidParams, "invalid_params", false}, Word{kNoSuchThing, "no_such_thing", false},      Word{kWrongState, "wrong_state", false},
    Word{kNotAccepted, "not_accepted", false},
    Word{kResumeTooOld, "resume_too_old", false},  Word{kRateLimited, "rate_limited", true},        Word{kResourceBusy, "resource_busy", true},
};
constexpr Word kUnknown{0, "server_error", false};

const Word& find(int code) {
  for (const Word& word : kWords)
    if (word.code == code) return word;
  return kUnknown;
}

Request refuse(std::string id, std::string why) {
  Request out;
  out.id = id.empty() ? "null" : std::move(id);
  out.error = {kInvalidRequest, std::move(why), {}, {}};
  return out;
}

Request parse_request(const boost::json::value& v) {
  if (!v.is_object()) return refuse({}, "a request is an object");
  const auto& object = v.get_object();
  Request out;
  if (const auto* id = object.if_contains("id")) {
    if (!id->is_string() && !id->is_int64() && !id->is_uint64() && !id->is_null()) return refuse({}, "'id' must be a string, a whole number or null");
    out.id = boost::json::serialize(*id);
  }
  const auto* version = object.if_contains("jsonrpc");
  if (!version || !version->is_string() || version->get_string() != "2.0") return refuse(std::move(out.id), "'jsonrpc' must be \"2.0\"");
  const auto* method = object.if_contains("method");
  if (!method || !method->is_string() || method->get_string().empty() || method->get_string().size() > kMethodNameMax)
    return refuse(std::move(out.id), "'method' must be a string of 1 to 64 characters");
  const auto* params = object.if_contains("params");
  out.method = std::string(method->get_string());
  out.params = params ? boost::json::serialize(*params) : "{}";
  if (params && !params->is_object()) {
    out.method.clear();
    if (out.id.empty()) out.id = "null";
    out.error = {kInvalidParams, "'params' must be an object", {}, {}};
  }
  return out;
}

Line refuse_all(RpcError error) {
  Line out;
  out.requests.push_back({"null", {}, {}, std::move(error)});
  return out;
}

}  // namespace

Line parse_line(std::string_view text) {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  if (text.size() > kRequestLineMax) return refuse_all({kInvalidRequest, "a line is at most 65536 bytes long", {}, "line_too_long"});
  const auto v = json::parse(text);
  if (!v) return refuse_all({kParseError, v.error().text(), {}, {}});
  Line out;
  if (!v->is_array()) {
    out.requests.push_back(parse_request(*v));
    return out;
  }
  const auto& list = v->get_array();
  if (list.empty()) return refuse_all({kInvalidRequest, "an empty batch", {}, {}});
  if (list.size() > kBatchMax) return refuse_all({kInvalidRequest, "a batch has at most 32 requests", {}, "batch_too_long"});
  out.batch = true;
  for (const auto& one : list) out.requests.push_back(parse_request(one));
  return out;
}

std::string result_line(std::string_view id, std::string_view result) {
  std::string out = "{\"jsonrpc\":\"2.0\",\"id\":";
  out.append(id).append(",\"result\":").append(result).append("}");
  return out;
}

std::string error_line(std::string_view id, const RpcError& error) {
  std::string out = "{\"jsonrpc\":\"2.0\",\"id\":";
  out.append(id.empty() ? "null" : id).append(",\"error\":{\"code\":").append(std::to_string(error.code)).append(",\"message\":");
  json::write_string(out, error.message);
  out += ",\"data\":{\"code\":";
  json::write_string(out, error.word.empty() ? word_of(error.code) : error.word);
  out += retryable(error.code) ? ",\"retryable\":true" : ",\"retryable\":false";
  if (!error.data.empty()) out.append(",").append(error.data);
  out += "}}}";
  return out;
}

std::string notification(std::string_view method, std::string_view params_members) {
  std::string out = "{\"jsonrpc\":\"2.0\",\"method\":";
  json::write_string(out, method);
  out.append(",\"params\":{").append(params_members).append("}}");
  return out;
}

std::string_view word_of(int code) { return find(code).word; }
bool retryable(int code) { return find(code).retryable; }

}  // namespace sr::cti
