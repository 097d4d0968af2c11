// prifar: the other end of a PRI, libpri and DAHDI's requests and nothing of ours.
// prifar [--user] [--switch NAME] [--law a|u] [--alert MS] [--answer MS] [--talk MS] [--say WHAT] --dchan N --bchans A-B[,C-D]
// Commands on stdin, SLOT being the place in the span (from 1):
//   call SLOT NUMBER [CALLER [NAME]]   open SLOT DIGITS [CALLER] (overlap)   more SLOT DIGITS   burst COUNT NUMBER CALLER
//   ack|proceed|alert|answer SLOT      hangup SLOT [CAUSE]   say SLOT WHAT   heard SLOT   restart SLOT   mute MS (of the D channel)   count   quit
// Events on stdout: "EVENT slot=N ...". With --answer calls are alerted and answered by themselves, with --talk hung up again.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <libpri.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/vm/far/common_channel.h"

enum { kSlotsMax = 31, kPollMs = 20, kChannelMask = 0xff, kBurstGapMs = 100 };

struct call {
  int channel_number;  // 0: no B channel in this slot
  q931_call* call;
  int ours, up;
  char number[256], caller[256];
  long alert_at, answer_at, hang_up_at;
  struct channel audio;
};

static struct call calls[kSlotsMax + 1];
static struct pri* pri;
static int dchannel = -1, alert_ms = 0, answer_ms = -1, talk_ms = -1;
static enum law law = kAlaw;
static const char* answer_with = "prbs";
static struct { long set_up, came, answered, cleared; } counts;
static long mute_until;
static struct { int left; char number[64], caller[32]; long next_at; } burst;

static const struct { const char* name; int type; } kSwitches[] = {
  {"euroisdn", PRI_SWITCH_EUROISDN_E1}, {"ni2", PRI_SWITCH_NI2}, {"dms100", PRI_SWITCH_DMS100}, {"4ess", PRI_SWITCH_ATT4ESS},
  {"5ess", PRI_SWITCH_LUCENT5E}, {"qsig", PRI_SWITCH_QSIG}, {"euroisdn-t1", PRI_SWITCH_EUROISDN_T1},
};

static int slot_of(const struct call* c) { return (int)(c - calls); }

static struct call* by_call(const q931_call* call) {
  for (int i = 1; i <= kSlotsMax; ++i) {
    if (calls[i].call && calls[i].call == call) return &calls[i];
  }
  return NULL;
}

static struct call* free_slot(int wanted) {
  if (wanted >= 1 && wanted <= kSlotsMax && calls[wanted].channel_number && !calls[wanted].call) return &calls[wanted];
  for (int i = 1; i <= kSlotsMax; ++i) {
    if (calls[i].channel_number && !calls[i].call) return &calls[i];
  }
  return NULL;
}

static void say(struct call* c, const char* what) {
  char text[kSlotsMax * 8];
  snprintf(text, sizeof text, "%s", what);
  if (c->audio.fd < 0 || !audio_say(&c->audio.audio, text)) printf("error slot=%d cannot say '%s'\n", slot_of(c), what);
}

static void heard(struct call* c, const char* word) {
  char text[256] = "";
  audio_report(&c->audio.audio, text, sizeof text);
  printf("%s slot=%d %s late=%d\n", word, slot_of(c), text, c->audio.late);
}

static void through(struct call* c) {
  if (c->up || c->audio.fd >= 0) return;
  c->up = channel_open(&c->audio, c->channel_number, law, 1);
  counts.answered++;
  if (c->up) say(c, answer_with);
  if (talk_ms >= 0) c->hang_up_at = now_ms() + talk_ms;
}

static void cleared(struct call* c, int cause) {
  if (c->audio.fd >= 0) heard(c, "listened");
  channel_close(&c->audio);
  counts.cleared++;
  printf("clear slot=%d cause=%d number=%s\n", slot_of(c), cause, c->number);
  *c = (struct call){.channel_number = c->channel_number, .audio.fd = -1};
}

static void answer(struct call* c) {
  c->answer_at = 0;
  pri_answer(pri, c->call, slot_of(c), 0);
  printf("answered slot=%d number=%s\n", slot_of(c), c->number);
  through(c);
}

static void alert(struct call* c) {
  c->alert_at = 0;
  pri_acknowledge(pri, c->call, slot_of(c), 0);
}

static void accept_number(struct call* c) {
  if (answer_ms < 0) return;
  pri_proceeding(pri, c->call, slot_of(c), 0);
  c->alert_at = now_ms() + alert_ms;
  c->answer_at = c->alert_at + answer_ms;
}

static void set_up(struct call* c, const char* number, const char* caller, const char* name, int complete) {
  struct pri_sr* sr = pri_sr_new();
  char no_name[] = "";
  c->call = pri_new_call(pri);
  c->ours = 1;
  snprintf(c->number, sizeof c->number, "%s", number);
  snprintf(c->caller, sizeof c->caller, "%s", caller ? caller : "");
  char who[64];
  snprintf(who, sizeof who, "%s", name ? name : no_name);
  pri_sr_set_channel(sr, slot_of(c), 1, 0);
  pri_sr_set_bearer(sr, 0, law == kAlaw ? PRI_LAYER_1_ALAW : PRI_LAYER_1_ULAW);
  pri_sr_set_called(sr, c->number, PRI_UNKNOWN, complete);
  if (c->caller[0]) pri_sr_set_caller(sr, c->caller, who[0] ? who : NULL, PRI_UNKNOWN, PRES_ALLOWED_USER_NUMBER_NOT_SCREENED);
  if (pri_setup(pri, c->call, sr) != 0) printf("error slot=%d setup\n", slot_of(c));
  pri_sr_free(sr);
  counts.set_up++;
}

static void came(pri_event_ring* e) {
  struct call* c = free_slot(e->channel < 0 ? 0 : e->channel & kChannelMask);
  if (!c) {
    pri_hangup(pri, e->call, PRI_CAUSE_NORMAL_CIRCUIT_CONGESTION);
    return;
  }
  counts.came++;
  c->call = e->call;
  snprintf(c->number, sizeof c->number, "%s", e->callednum);
  snprintf(c->caller, sizeof c->caller, "%s", e->callingnum);
  printf("ring slot=%d number=%s caller=%s name=%s complete=%d\n", slot_of(c), e->callednum[0] ? e->callednum : "-",
         e->callingnum[0] ? e->callingnum : "-", e->callingname[0] ? e->callingname : "-", e->complete);
  if (e->complete) {
    accept_number(c);
  } else {
    pri_need_more_info(pri, c->call, slot_of(c), 0);
  }
}

static void more_digits(struct call* c, const char* digits) {
  snprintf(c->number + strlen(c->number), sizeof c->number - strlen(c->number), "%s", digits);
  printf("digits slot=%d number=%s\n", slot_of(c), c->number);
}

static void happened(pri_event* e) {
  struct call* c = NULL;
  switch (e->e) {
    case PRI_EVENT_DCHAN_UP: printf("up\n"); break;
    case PRI_EVENT_DCHAN_DOWN: printf("down\n"); break;
    case PRI_EVENT_RING: came(&e->ring); break;
    case PRI_EVENT_INFO_RECEIVED:
      if ((c = by_call(e->ring.call))) more_digits(c, e->ring.callednum);
      break;
    case PRI_EVENT_SETUP_ACK:
      if ((c = by_call(e->setup_ack.call))) printf("setupack slot=%d\n", slot_of(c));
      break;
    case PRI_EVENT_PROCEEDING:
      if ((c = by_call(e->proceeding.call))) printf("proceeding slot=%d\n", slot_of(c));
      break;
    case PRI_EVENT_PROGRESS:
      if ((c = by_call(e->proceeding.call))) printf("progress slot=%d cause=%d\n", slot_of(c), e->proceeding.cause);
      break;
    case PRI_EVENT_RINGING:
      if ((c = by_call(e->ringing.call))) printf("alerting slot=%d\n", slot_of(c));
      break;
    case PRI_EVENT_ANSWER:
      if ((c = by_call(e->answer.call))) {
        printf("connected slot=%d number=%s\n", slot_of(c), c->number);
        through(c);
      }
      break;
    case PRI_EVENT_HANGUP_REQ:
      if ((c = by_call(e->hangup.call))) printf("disconnect slot=%d cause=%d\n", slot_of(c), e->hangup.cause);
      pri_hangup(pri, e->hangup.call, e->hangup.cause);
      break;
    case PRI_EVENT_HANGUP:
      c = by_call(e->hangup.call);
      pri_hangup(pri, e->hangup.call, e->hangup.cause);
      if (c) cleared(c, e->hangup.cause);
      break;
    case PRI_EVENT_HANGUP_ACK:
      if ((c = by_call(e->hangup.call))) cleared(c, e->hangup.cause);
      break;
    case PRI_EVENT_RESTART: printf("restart slot=%d\n", e->restart.channel < 0 ? -1 : e->restart.channel & kChannelMask); break;
    case PRI_EVENT_RESTART_ACK: printf("restartack slot=%d\n", e->restartack.channel & kChannelMask); break;
    case PRI_EVENT_SERVICE: printf("service slot=%d status=%d\n", e->service.channel & kChannelMask, e->service.changestatus); break;
    default: break;
  }
}

static void command(char* text) {
  char* rest = NULL;
  const char* verb = strtok_r(text, " ", &rest);
  const char* first = strtok_r(NULL, " ", &rest);
  if (!verb) return;
  if (strcmp(verb, "quit") == 0) exit(0);
  if (strcmp(verb, "count") == 0) {
    int now = 0;
    for (int i = 1; i <= kSlotsMax; ++i) now += calls[i].up;
    printf("count setup=%ld came=%ld answered=%ld cleared=%ld now=%d\n", counts.set_up, counts.came, counts.answered, counts.cleared, now);
    return;
  }
  const int n = first ? atoi(first) : 0;
  if (strcmp(verb, "mute") == 0) {
    mute_until = now_ms() + n;
    return;
  }
  if (strcmp(verb, "burst") == 0 && first) {
    burst.left = n;
    const char* number = strtok_r(NULL, " ", &rest);
    const char* caller = strtok_r(NULL, " ", &rest);
    snprintf(burst.number, sizeof burst.number, "%s", number ? number : "");
    snprintf(burst.caller, sizeof burst.caller, "%s", caller ? caller : "");
    burst.next_at = now_ms();
    return;
  }
  if (n < 1 || n > kSlotsMax || !calls[n].channel_number) {
    printf("error '%s' names no slot with a B channel\n", verb);
    return;
  }
  struct call* c = &calls[n];
  if (strcmp(verb, "restart") == 0) {
    pri_reset(pri, n);
  } else if (strcmp(verb, "call") == 0 || strcmp(verb, "open") == 0) {
    const char* number = strtok_r(NULL, " ", &rest);
    const char* caller = strtok_r(NULL, " ", &rest);
    if (c->call) printf("error slot=%d has a call\n", n);
    else set_up(c, number ? number : "", caller, strtok_r(NULL, "", &rest), verb[0] == 'c');
  } else if (!c->call) {
    printf("error slot=%d has no call\n", n);
  } else if (strcmp(verb, "more") == 0) {
    for (const char* d = strtok_r(NULL, " ", &rest); d && *d; ++d) pri_information(pri, c->call, *d);
  } else if (strcmp(verb, "ack") == 0) {
    pri_need_more_info(pri, c->call, n, 0);
  } else if (strcmp(verb, "proceed") == 0) {
    pri_proceeding(pri, c->call, n, 0);
  } else if (strcmp(verb, "alert") == 0) {
    alert(c);
  } else if (strcmp(verb, "answer") == 0) {
    answer(c);
  } else if (strcmp(verb, "hangup") == 0) {
    const char* cause = strtok_r(NULL, " ", &rest);
    pri_hangup(pri, c->call, cause ? atoi(cause) : PRI_CAUSE_NORMAL_CLEARING);
  } else if (strcmp(verb, "say") == 0) {
    const char* what = strtok_r(NULL, "", &rest);
    say(c, what ? what : "");
  } else if (strcmp(verb, "heard") == 0) {
    heard(c, verb);
  } else {
    printf("error '%s' is no command\n", verb);
  }
}

static void due(long now) {
  for (int i = 1; i <= kSlotsMax; ++i) {
    struct call* c = &calls[i];
    if (c->alert_at && now >= c->alert_at) alert(c);
    if (c->answer_at && now >= c->answer_at) answer(c);
    if (c->hang_up_at && now >= c->hang_up_at) {
      c->hang_up_at = 0;
      pri_hangup(pri, c->call, PRI_CAUSE_NORMAL_CLEARING);
    }
  }
  if (burst.left > 0 && now >= burst.next_at) {
    struct call* c = free_slot(0);
    burst.next_at = now + kBurstGapMs;
    if (!c) return;
    burst.left--;
    set_up(c, burst.number, burst.caller, NULL, 1);
  }
}

static void d_channel_turn(short ready) {
  int event = 0;
  if (ready & (POLLPRI | POLLERR)) {
    if (ioctl(dchannel, DAHDI_GETEVENT, &event) != 0 && errno == ENODEV) {
      printf("gone dchannel\n");
      exit(3);
    }
    if (event) printf("dchannel %s\n", event_name(event));
  }
  pri_event* e = ready & POLLIN ? pri_check_event(pri) : NULL;
  if (e) happened(e);
  struct timeval now, *next = pri_schedule_next(pri);
  gettimeofday(&now, NULL);
  if (next && timercmp(next, &now, <=) && (e = pri_schedule_run(pri)) != NULL) happened(e);
}

static void run(void) {
  struct pollfd fds[kSlotsMax + 2];
  for (;;) {
    const int mute = now_ms() < mute_until;
    fds[0] = (struct pollfd){.fd = mute ? -1 : dchannel, .events = POLLIN | POLLPRI};
    fds[kSlotsMax + 1] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    for (int i = 1; i <= kSlotsMax; ++i) fds[i] = (struct pollfd){.fd = calls[i].audio.fd, .events = POLLIN | POLLPRI};
    poll(fds, kSlotsMax + 2, kPollMs);
    if (!mute) d_channel_turn(fds[0].revents);
    for (char* text; (text = command_line()) != NULL;) command(text);
    for (int i = 1; i <= kSlotsMax; ++i) {
      if (calls[i].audio.fd < 0 || !fds[i].revents) continue;
      const int event = channel_turn(&calls[i].audio);
      if (event > 0) printf("%s slot=%d\n", event_name(event), i);
      if (event < 0) {
        printf("gone slot=%d\n", i);
        channel_close(&calls[i].audio);
      }
    }
    due(now_ms());
  }
}

static int usage(const char* why, const char* what) {
  fprintf(stderr, "prifar: %s%s (prifar [--user] [--switch NAME] [--law a|u] [--alert MS] [--answer MS] [--talk MS] [--say WHAT] --dchan N --bchans A-B[,C-D])\n",
          why, what);
  return 2;
}

int main(int argc, char** argv) {
  int d = 0, side = PRI_NETWORK, type = PRI_SWITCH_EUROISDN_E1, a1 = 0, a2 = 0, b1 = 0, b2 = -1;
  setvbuf(stdout, NULL, _IOLBF, 0);
  channel_keep_time();
  for (int i = 1; i < argc; ++i) {
    const char* next = i + 1 < argc ? argv[i + 1] : "";
    if (strcmp(argv[i], "--user") == 0) { side = PRI_CPE; continue; }
    if (strcmp(argv[i], "--switch") == 0) {
      size_t k = 0;
      while (k < sizeof kSwitches / sizeof *kSwitches && strcmp(kSwitches[k].name, next) != 0) ++k;
      if (k == sizeof kSwitches / sizeof *kSwitches) return usage("no switch type ", next);
      type = kSwitches[k].type;
    } else if (strcmp(argv[i], "--law") == 0) law = *next == 'u' ? kMulaw : kAlaw;
    else if (strcmp(argv[i], "--alert") == 0) alert_ms = atoi(next);
    else if (strcmp(argv[i], "--answer") == 0) answer_ms = atoi(next);
    else if (strcmp(argv[i], "--talk") == 0) talk_ms = atoi(next);
    else if (strcmp(argv[i], "--say") == 0) answer_with = next;
    else if (strcmp(argv[i], "--dchan") == 0) d = atoi(next);
    else if (strcmp(argv[i], "--bchans") == 0) { if (sscanf(next, "%d-%d,%d-%d", &a1, &a2, &b1, &b2) % 2 != 0) return usage("no ranges: ", next); }
    else return usage("no option ", argv[i]);
    ++i;
  }
  if (d < 1 || a1 < 1 || a2 < a1) return usage("which channels?", "");
  for (int i = 1; i <= kSlotsMax; ++i) {
    const int number = a1 + i - 1;  // the slots of a span are numbered from its first channel
    const int ours = (number >= a1 && number <= a2) || (number >= b1 && number <= b2);
    calls[i] = (struct call){.channel_number = ours ? number : 0, .audio.fd = -1};
  }
  dchannel = channel_open_hdlc(d);
  if (dchannel < 0 || !(pri = pri_new(dchannel, side, type))) return 1;
  pri_set_overlapdial(pri, 1);
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  run();
  return 0;
}
