// SPDX-License-Identifier: GPL-2.0-or-later
#include "cti-core/cti/rpc.h"

#include <CppUTest/TestHarness.h>

using namespace sr::cti;

TEST_GROUP(Rpc) {
  Line line;
  const Request& only(std::string_view text) {
    line = parse_line(text);
    LONGS_EQUAL(1, line.requests.size());
    return line.requests.front();
  }
  void refused(int code, const char* id, std::string_view text) {
    const Request& r = only(text);
    CHECK(r.method.empty());
    LONGS_EQUAL(code, r.error.code);
    STRCMP_EQUAL(id, r.id.c_str());
  }
};

TEST(Rpc, takes_a_request_apart) {
  const Request& r = only(R"({"jsonrpc":"2.0","id":7,"method":"call.clear","params":{"call":3}})");
  STRCMP_EQUAL("7", r.id.c_str());
  STRCMP_EQUAL("call.clear", r.method.c_str());
  STRCMP_EQUAL(R"({"call":3})", r.params.c_str());
}

TEST(Rpc, without_an_id_it_is_a_notification_and_without_params_they_are_empty) {
  const Request& r = only("{\"jsonrpc\":\"2.0\",\"method\":\"session.ping\"}\r");
  STRCMP_EQUAL("", r.id.c_str());
  STRCMP_EQUAL("{}", r.params.c_str());
}

TEST(Rpc, names_what_is_wrong_by_its_code) {
  refused(kParseError, "null", "hello");
  refused(kParseError, "null", "");
  refused(kParseError, "null", "{\"a\":\xff}");
  refused(kInvalidRequest, "null", "3");
  refused(kInvalidRequest, "null", "[]");
  refused(kInvalidRequest, "4", R"({"id":4,"method":"x"})");
  refused(kInvalidRequest, "4", R"({"jsonrpc":"2.0","id":4})");
  refused(kInvalidRequest, "4", R"({"jsonrpc":"2.0","id":4,"method":5})");
  refused(kInvalidRequest, "null", R"({"jsonrpc":"2.0","id":{},"method":"x"})");
  refused(kInvalidRequest, "null", R"({"jsonrpc":"2.0","id":1.5,"method":"x"})");
  refused(kInvalidParams, "\"a\"", R"({"jsonrpc":"2.0","id":"a","method":"x","params":[1]})");
  refused(kParseError, "null", std::string(20, '[') + std::string(20, ']'));
  refused(kInvalidRequest, "null", std::string(kRequestLineMax + 1, ' '));
  STRCMP_EQUAL("line_too_long", line.requests.front().error.word.c_str());
}

TEST(Rpc, a_batch_has_at_most_its_limit) {
  std::string text = "[";
  for (std::size_t i = 0; i < kBatchMax; ++i) text += std::string(i ? "," : "") + R"({"jsonrpc":"2.0","id":1,"method":"x"})";
  line = parse_line(text + "]");
  CHECK(line.batch);
  LONGS_EQUAL(kBatchMax, line.requests.size());
  refused(kInvalidRequest, "null", text + ",1]");
}

TEST(Rpc, one_bad_request_does_not_spoil_its_batch) {
  line = parse_line(R"([{"jsonrpc":"2.0","id":1,"method":"x"},5])");
  STRCMP_EQUAL("x", line.requests[0].method.c_str());
  LONGS_EQUAL(kInvalidRequest, line.requests[1].error.code);
}

TEST(Rpc, writes_answers_errors_and_notifications) {
  STRCMP_EQUAL(R"({"jsonrpc":"2.0","id":7,"result":{}})", result_line("7", "{}").c_str());
  STRCMP_EQUAL(R"({"jsonrpc":"2.0","id":null,"error":{"code":4041,"message":"no \"x\"","data":{"code":"no_such_thing","retryable":false}}})",
               error_line("", {kNoSuchThing, "no \"x\"", {}, {}}).c_str());
  STRCMP_EQUAL(R"({"jsonrpc":"2.0","id":1,"error":{"code":4290,"message":"slow","data":{"code":"rate_limited","retryable":true,"retryAfterMs":20}}})",
               error_line("1", {kRateLimited, "slow", "\"retryAfterMs\":20", {}}).c_str());
  STRCMP_EQUAL(R"({"jsonrpc":"2.0","method":"bookmark","params":{"seq":3}})", notification("bookmark", "\"seq\":3").c_str());
}
