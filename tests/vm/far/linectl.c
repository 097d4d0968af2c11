// linectl: phones on FXS ports, or the exchange behind FXO ports, played with DAHDI's own requests.
// linectl [--law a|u] [--answer MS] [--talk MS] [--say WHAT] FIRST[-LAST]...
// Commands on stdin, each with the channel's number: off, on, flash, ring, ringoff, pulse DIGITS, say WHAT, heard; and quit.
// Events and answers on stdout: "EVENT line=N ..." in the driver's words. `ring N WHAT` says WHAT (fsk NUMBER, dtmf DIGITS) after the first ring.
// With --answer each line that rings is answered after MS, says WHAT, and hangs up after --talk MS.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/vm/far/common_channel.h"

enum { kLinesMax = 512, kWhatMax = 64, kAfterRingMs = 400, kPollMs = 20 };

struct line {
  struct channel channel;
  int station;  // an FXS signalled channel: we are the phone
  int off, rings;  // rings: it was answered by itself
  long answer_at, hang_up_at, speak_at;
  char after_ring[kWhatMax];
};

static struct line lines[kLinesMax];
static int count, answer_ms = -1, talk_ms = -1;
static const char* answer_with = "silence";

static int hook(struct line* l, int what, const char* name) {
  const int done = ioctl(l->channel.fd, DAHDI_HOOK, &what) == 0 || errno == EINPROGRESS;
  if (!done) printf("error line=%d %s: %s\n", l->channel.number, name, strerror(errno));
  return done;
}

static void say(struct line* l, const char* what) {
  char text[kWhatMax];
  snprintf(text, sizeof text, "%s", what);
  if (!audio_say(&l->channel.audio, text)) printf("error line=%d cannot say '%s'\n", l->channel.number, what);
}

static void off_hook(struct line* l) {
  l->off = hook(l, DAHDI_OFFHOOK, "off");
}

static void heard(struct line* l) {
  char text[256];
  audio_report(&l->channel.audio, text, sizeof text);
  printf("heard line=%d %s late=%d\n", l->channel.number, text, l->channel.late);
}

static void on_hook(struct line* l) {
  l->off = 0;
  l->answer_at = l->hang_up_at = l->speak_at = 0;
  hook(l, DAHDI_ONHOOK, "on");
  l->channel.dropped = 1;
}

static void command(char* text) {
  char* rest = NULL;
  const char* verb = strtok_r(text, " ", &rest);
  const char* number = strtok_r(NULL, " ", &rest);
  const char* what = strtok_r(NULL, "", &rest);
  if (!verb) return;
  if (strcmp(verb, "quit") == 0) exit(0);
  struct line* l = NULL;
  for (int i = 0; i < count && number; ++i) {
    if (lines[i].channel.number == atoi(number)) l = &lines[i];
  }
  if (!l) {
    printf("error '%s' names no line of ours\n", verb);
  } else if (strcmp(verb, "off") == 0) {
    off_hook(l);
  } else if (strcmp(verb, "on") == 0) {
    on_hook(l);
  } else if (strcmp(verb, "flash") == 0) {
    hook(l, DAHDI_FLASH, verb);
  } else if (strcmp(verb, "ring") == 0) {
    snprintf(l->after_ring, sizeof l->after_ring, "%s", what ? what : "");
    hook(l, DAHDI_RING, verb);
  } else if (strcmp(verb, "ringoff") == 0) {
    hook(l, DAHDI_RINGOFF, verb);
  } else if (strcmp(verb, "pulse") == 0 && what) {
    if (!channel_pulse(&l->channel, what)) printf("error line=%d pulse: %s\n", l->channel.number, strerror(errno));
  } else if (strcmp(verb, "say") == 0 && what) {
    say(l, what);
  } else if (strcmp(verb, "heard") == 0) {
    heard(l);
  } else {
    printf("error '%s' is no command (off on flash ring ringoff pulse say heard quit)\n", verb);
  }
}

static void happened(struct line* l, int event) {
  printf("%s line=%d\n", event_name(event), l->channel.number);
  if (event == DAHDI_EVENT_RINGEROFF && l->after_ring[0]) l->speak_at = now_ms() + kAfterRingMs;
  if (event == DAHDI_EVENT_RINGOFFHOOK && !l->station && !l->off) off_hook(l);  // an exchange gives a line that goes off-hook its current
  if (event == DAHDI_EVENT_RINGBEGIN && answer_ms >= 0 && !l->off && !l->answer_at) l->answer_at = now_ms() + answer_ms;
}

static void due(struct line* l, long now) {
  if (l->speak_at && now >= l->speak_at) {
    l->speak_at = 0;
    say(l, l->after_ring);
    l->after_ring[0] = '\0';
  }
  if (l->answer_at && now >= l->answer_at) {
    l->answer_at = 0;
    l->rings++;
    off_hook(l);
    say(l, answer_with);
    if (talk_ms >= 0) l->hang_up_at = now + talk_ms;
    printf("answered line=%d times=%d\n", l->channel.number, l->rings);
  }
  if (l->hang_up_at && now >= l->hang_up_at) {
    heard(l);
    say(l, "silence");
    on_hook(l);
    printf("hungup line=%d\n", l->channel.number);
  }
}

static void open_range(const char* text, enum law law) {
  int first = 0, last = 0;
  const int n = sscanf(text, "%d-%d", &first, &last);
  if (n == 1) last = first;
  if (n < 1 || first < 1 || last < first || count + last - first + 1 > kLinesMax) {
    fprintf(stderr, "linectl: '%s' is no channel number or range\n", text);
    exit(2);
  }
  for (int number = first; number <= last; ++number) {
    struct line* l = &lines[count];
    struct dahdi_params params = {0};
    if (!channel_open(&l->channel, number, law, 0)) exit(1);
    audio_expect_caller_id(&l->channel.audio);
    ioctl(l->channel.fd, DAHDI_GET_PARAMS, &params);
    l->station = (params.sigtype & __DAHDI_SIG_FXS) != 0;
    printf("open line=%d plays=%s\n", number, l->station ? "phone" : "exchange");
    count++;
  }
}

int main(int argc, char** argv) {
  enum law law = kAlaw;
  struct pollfd fds[kLinesMax + 1];
  setvbuf(stdout, NULL, _IOLBF, 0);
  channel_keep_time();
  for (int i = 1; i < argc; ++i) {
    const char* next = i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(argv[i], "--law") == 0) law = *next == 'u' ? kMulaw : kAlaw, ++i;
    else if (strcmp(argv[i], "--answer") == 0) answer_ms = atoi(next), ++i;
    else if (strcmp(argv[i], "--talk") == 0) talk_ms = atoi(next), ++i;
    else if (strcmp(argv[i], "--say") == 0) answer_with = next, ++i;
    else open_range(argv[i], law);
  }
  if (count == 0) {
    fprintf(stderr, "linectl: which channels?\n");
    return 2;
  }
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  for (;;) {
    fds[count] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    for (int i = 0; i < count; ++i) fds[i] = (struct pollfd){.fd = lines[i].channel.fd, .events = POLLIN | POLLPRI};
    poll(fds, (nfds_t)count + 1, kPollMs);
    for (char* text; (text = command_line()) != NULL;) command(text);
    const long now = now_ms();
    for (int i = 0; i < count; ++i) {
      struct line* l = &lines[i];
      if (l->channel.fd < 0) continue;
      const int event = fds[i].revents ? channel_turn(&l->channel) : 0;
      if (event < 0) {
        printf("gone line=%d\n", l->channel.number);
        channel_close(&l->channel);
      } else {
        if (event > 0) happened(l, event);
        due(l, now);
      }
    }
  }
}
