// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/ctictl/client.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "drivers/base/json.h"
#include "drivers/base/line_socket.h"

namespace sr::ctictl {

Result<Client> Client::connect(const std::string& path) {
  auto fd = connect_unix(path, SOCK_STREAM);
  if (!fd) return std::unexpected(fd.error());
  return Client(*fd);
}

Client::Client(Client&& other) noexcept : fd_(std::exchange(other.fd_, -1)), last_id_(other.last_id_), in_(std::move(other.in_)), searched_(other.searched_), kept_(std::move(other.kept_)) {}

Client::~Client() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::optional<std::string>> Client::line(std::chrono::milliseconds wait) {
  for (;;) {
    if (const auto end = in_.find('\n', searched_); end != std::string::npos) {
      std::string out = in_.substr(0, end);
      in_.erase(0, end + 1);
      searched_ = 0;
      return out;
    }
    searched_ = in_.size();
    if (in_.size() > kLineMax) return fail("ctid sent a line without an end");
    pollfd ready{fd_, POLLIN, 0};
    const int n = ::poll(&ready, 1, static_cast<int>(wait.count()));
    if (n == 0) return std::optional<std::string>();
    if (n < 0 && errno == EINTR) return std::optional<std::string>();
    char bytes[65536];
    const ssize_t got = ::recv(fd_, bytes, sizeof bytes, 0);
    if (got > 0) in_.append(bytes, static_cast<std::size_t>(got));
    else if (got == 0 || (errno != EAGAIN && errno != EINTR)) return fail("ctid has closed the connection");
  }
}

Result<Client::Answer> Client::ask(const std::string& method, const std::string& params) {
  const std::string id = std::to_string(++last_id_);
  const std::string request = R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":)" + params + "}\n";
  for (std::size_t sent = 0; sent < request.size();) {
    const ssize_t n = ::send(fd_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
    if (n > 0) sent += static_cast<std::size_t>(n);
    else if (errno == EAGAIN) {
      pollfd ready{fd_, POLLOUT, 0};
      if (::poll(&ready, 1, static_cast<int>(kAnswerMax.count())) == 0) return fail("ctid takes nothing");
    } else if (errno != EINTR) return fail("ctid has closed the connection");
  }
  for (;;) {
    auto text = line(kAnswerMax);
    if (!text) return std::unexpected(text.error());
    if (!*text) return fail("ctid does not answer");
    auto v = json::parse(**text);
    if (!v || !v->is_object()) return fail("ctid answered no JSON");
    auto& object = v->get_object();
    if (object.contains("method")) {
      kept_.append(**text).append("\n");
      continue;
    }
    Answer out;
    if (const auto* result = object.if_contains("result")) out.result = boost::json::serialize(*result);
    else if (const auto* error = object.if_contains("error")) out.error = boost::json::serialize(*error);
    else return fail("ctid answered neither a result nor an error");
    return out;
  }
}

Result<std::optional<std::string>> Client::next(std::chrono::milliseconds wait) {
  if (const auto end = kept_.find('\n'); end != std::string::npos) {
    std::string out = kept_.substr(0, end);
    kept_.erase(0, end + 1);
    return std::optional(std::move(out));
  }
  return line(wait);
}

}  // namespace sr::ctictl
