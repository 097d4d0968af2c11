// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/vm/far/common_channel.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { kAheadBlocks = 3, kBuffers = 8, kHdlcBuffers = 32, kHdlcSize = 1024, kBlocksPerTurn = 4, kLineMax = 512 };

long now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int open_number(int number, int buffers, int size) {
  const int fd = open("/dev/dahdi/channel", O_RDWR | O_NONBLOCK);
  struct dahdi_bufferinfo info = {.txbufpolicy = DAHDI_POLICY_IMMEDIATE, .rxbufpolicy = DAHDI_POLICY_IMMEDIATE, .numbufs = buffers, .bufsize = size};
  if (fd >= 0 && ioctl(fd, DAHDI_SPECIFY, &number) == 0 && ioctl(fd, DAHDI_SET_BUFINFO, &info) == 0) return fd;
  printf("error channel=%d %s\n", number, strerror(errno));
  if (fd >= 0) close(fd);
  return -1;
}

int channel_open_hdlc(int number) { return open_number(number, kHdlcBuffers, kHdlcSize); }

static void write_ahead(struct channel* c) {
  uint8_t block[kBlock];
  for (int i = 0; i < kAheadBlocks; ++i) {
    audio_fill(&c->audio, block, kBlock);
    if (write(c->fd, block, kBlock) != kBlock) c->late++;
  }
}

int channel_open(struct channel* c, int number, enum law law, int clear) {
  int one = 1, flush = DAHDI_FLUSH_ALL, dahdi_law = law == kAlaw ? DAHDI_LAW_ALAW : DAHDI_LAW_MULAW;
  *c = (struct channel){.number = number, .fd = open_number(number, kBuffers, kBlock)};
  if (c->fd < 0) return 0;
  if (clear) ioctl(c->fd, DAHDI_AUDIOMODE, &one);
  ioctl(c->fd, DAHDI_SETLAW, &dahdi_law);
  ioctl(c->fd, DAHDI_BUFFER_EVENTS, &one);
  ioctl(c->fd, DAHDI_FLUSH, &flush);
  audio_start(&c->audio, law);
  write_ahead(c);
  return 1;
}

void channel_close(struct channel* c) {
  if (c->fd >= 0) close(c->fd);
  c->fd = -1;
  audio_stop(&c->audio);
}

int channel_pulse(struct channel* c, const char* digits) {
  struct dahdi_dialoperation dial = {.op = DAHDI_DIAL_OP_REPLACE};
  int flush = DAHDI_FLUSH_WRITE;
  snprintf(dial.dialstr, sizeof dial.dialstr, "P%s", digits);
  ioctl(c->fd, DAHDI_FLUSH, &flush);  // what is written already must not outlast the pulses
  c->dials = ioctl(c->fd, DAHDI_DIAL, &dial) == 0;
  return c->dials;
}

static int take_event(struct channel* c) {
  int event = 0;
  if (ioctl(c->fd, DAHDI_GETEVENT, &event) != 0) return errno == ENODEV ? -1 : 0;
  if (event == DAHDI_EVENT_READ_OVERRUN || event == DAHDI_EVENT_WRITE_UNDERRUN) {
    c->late += !c->dials && !c->dropped;
    return 0;
  }
  if (event == DAHDI_EVENT_DIALCOMPLETE && c->dials) {
    c->dials = 0;
    write_ahead(c);
  }
  return event == DAHDI_EVENT_REMOVED ? -1 : event;
}

int channel_turn(struct channel* c) {
  uint8_t block[kBlock];
  int event = take_event(c);
  if (event == 0 && c->dropped && !c->dials) {
    c->dropped = 0;
    write_ahead(c);
  }
  for (int i = 0; event == 0 && i < kBlocksPerTurn; ++i) {
    const ssize_t n = read(c->fd, block, kBlock);
    if (n <= 0) {
      if (n < 0 && errno == ENODEV) return -1;
      return n < 0 && errno == ELAST ? take_event(c) : 0;
    }
    audio_hear(&c->audio, block, (int)n);
    if (c->dials) continue;
    audio_fill(&c->audio, block, (int)n);
    if (write(c->fd, block, (size_t)n) != n) {
      c->late++;
      if (errno == ELAST) event = take_event(c);
    }
  }
  return event;
}

const char* event_name(int event) {
  static char text[24];
  switch (event) {
    case DAHDI_EVENT_ONHOOK: return "onhook";
    case DAHDI_EVENT_RINGOFFHOOK: return "ringoffhook";
    case DAHDI_EVENT_WINKFLASH: return "winkflash";
    case DAHDI_EVENT_ALARM: return "alarm";
    case DAHDI_EVENT_NOALARM: return "noalarm";
    case DAHDI_EVENT_DIALCOMPLETE: return "dialcomplete";
    case DAHDI_EVENT_RINGERON: return "ringeron";
    case DAHDI_EVENT_RINGEROFF: return "ringeroff";
    case DAHDI_EVENT_HOOKCOMPLETE: return "hookcomplete";
    case DAHDI_EVENT_BITSCHANGED: return "bitschanged";
    case DAHDI_EVENT_PULSE_START: return "pulsestart";
    case DAHDI_EVENT_POLARITY: return "polarity";
    case DAHDI_EVENT_RINGBEGIN: return "ringbegin";
    case DAHDI_EVENT_REMOVED: return "removed";
    default: break;
  }
  if (event & DAHDI_EVENT_PULSEDIGIT) {
    snprintf(text, sizeof text, "pulsedigit digit=%c", event & 0xff);
  } else {
    snprintf(text, sizeof text, "event=%d", event);
  }
  return text;
}

char* command_line(void) {
  static char buffer[kLineMax], line[kLineMax];
  static size_t used;
  char* end = memchr(buffer, '\n', used);
  if (!end) {
    const ssize_t n = read(STDIN_FILENO, buffer + used, sizeof buffer - used);
    if (n <= 0) return NULL;
    used += (size_t)n;
    end = memchr(buffer, '\n', used);
    if (!end) {
      if (used == sizeof buffer) used = 0;  // longer than any command: not one
      return NULL;
    }
  }
  const size_t length = (size_t)(end - buffer);
  memcpy(line, buffer, length);
  line[length] = '\0';
  used -= length + 1;
  memmove(buffer, end + 1, used);
  return line;
}

void channel_keep_time(void) {
  const struct sched_param first = {.sched_priority = 1};
  if (sched_setscheduler(0, SCHED_FIFO, &first) != 0) perror("SCHED_FIFO");
}
