// boardlink SOCKET: lines from stdin to a Unix stream socket, lines from it to stdout; a case plays ctid with it. Waits up to 20 s for the socket.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { kTries = 200, kTryMicroseconds = 100000, kChunk = 4096 };

static int copy(int from, int to) {
  char bytes[kChunk];
  const ssize_t n = read(from, bytes, sizeof bytes);
  if (n <= 0) return 0;
  for (ssize_t done = 0; done < n;) {
    const ssize_t written = write(to, bytes + done, (size_t)(n - done));
    if (written <= 0) return 0;
    done += written;
  }
  return 1;
}

int main(int argc, char** argv) {
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  if (argc != 2 || strlen(argv[1]) >= sizeof at.sun_path) return fprintf(stderr, "usage: boardlink SOCKET\n"), 2;
  strcpy(at.sun_path, argv[1]);
  const int link = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  for (int tries = 0; connect(link, (struct sockaddr*)&at, sizeof at) != 0; usleep(kTryMicroseconds))
    if (++tries == kTries) return perror(argv[1]), 1;
  struct pollfd fds[] = {{.fd = 0, .events = POLLIN}, {.fd = link, .events = POLLIN}};
  while (poll(fds, 2, -1) >= 0) {
    if (fds[1].revents && !copy(link, 1)) return printf("closed\n"), 0;
    if (fds[0].revents && !copy(0, link)) return 0;
  }
  return 1;
}
