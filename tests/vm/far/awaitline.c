// awaitline FILE PATTERN SECONDS: the first line after those that FILE.seen counts which matches the extended regular expression; prints it and
// counts it and all before it as seen. Exit 1 when none comes in that many seconds.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { kPathMax = 256, kTryMicroseconds = 20000, kTriesPerSecond = 50 };

static long read_count(const char* path) {
  long count = 0;
  FILE* f = fopen(path, "r");
  if (f && fscanf(f, "%ld", &count) != 1) count = 0;
  if (f) fclose(f);
  return count;
}

static int write_count(const char* path, long count) {
  FILE* f = fopen(path, "w");
  if (!f) return perror(path), 1;
  fprintf(f, "%ld\n", count);
  return fclose(f) == 0 ? 0 : 1;
}

int main(int argc, char** argv) {
  char seen[kPathMax];
  regex_t pattern;
  if (argc != 4) return fprintf(stderr, "usage: awaitline FILE PATTERN SECONDS\n"), 2;
  if (regcomp(&pattern, argv[2], REG_EXTENDED | REG_NOSUB) != 0) return fprintf(stderr, "awaitline: '%s' is no regular expression\n", argv[2]), 2;
  snprintf(seen, sizeof seen, "%s.seen", argv[1]);
  FILE* f = fopen(argv[1], "r");
  if (!f) return perror(argv[1]), 2;
  char* line = NULL;
  size_t room = 0;
  long number = 0, after = read_count(seen);
  for (long tries = atol(argv[3]) * kTriesPerSecond; tries >= 0; --tries, usleep(kTryMicroseconds)) {
    clearerr(f);
    for (long at = ftell(f); getline(&line, &room, f) > 0; at = ftell(f)) {
      char* end = strchr(line, '\n');
      if (!end) {  // half a line: again when it is whole
        fseek(f, at, SEEK_SET);
        break;
      }
      *end = '\0';
      if (++number > after && regexec(&pattern, line, 0, NULL, 0) == 0) return puts(line), write_count(seen, number);
    }
  }
  return 1;
}
