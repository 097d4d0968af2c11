// A DAHDI channel as a program sees it: open, events, 20 ms blocks in step with what is read.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <dahdi/user.h>

#include "tests/vm/far/common_audio.h"

struct channel {
  int number, fd;  // fd -1: closed
  int late;        // blocks that found no room, overruns and underruns
  int dials;       // the driver dials by pulses: whatever is written would end that
  int dropped;     // a line that hung up: the driver has dropped what was written ahead
  struct audio audio;
};

long now_ms(void);

// Pulses; audio is silent until the driver says dialcomplete. 0: the driver refuses.
int channel_pulse(struct channel* c, const char* digits);

// Opens and says why when it cannot. clear: a B channel, otherwise an analog line.
int channel_open(struct channel* c, int number, enum law law, int clear);
int channel_open_hdlc(int number);
void channel_close(struct channel* c);

// Reads and writes what is due. Returns an event of the driver, 0 for none, -1 when the channel is gone.
int channel_turn(struct channel* c);
const char* event_name(int event);

// Next line of commands from stdin, without its end; NULL: none yet.
char* command_line(void);

// A far end is never late because of what it tries: it runs before every program of the product.
void channel_keep_time(void);
