// What a far end says and hears on one channel: a pseudo-random pattern whose every byte must arrive unchanged, digits, caller ID.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <spandsp.h>

enum { kBlock = 160, kDigitsMax = 128 };  // a block is 20 ms of bytes
enum law { kMulaw, kAlaw };
enum says { kSaysSilence, kSaysPattern, kSaysEcho, kSaysTone, kSaysDigits, kSaysCallerId };

struct pattern {  // O.150 x^15 + x^14 + 1: two bytes foretell the third
  uint16_t state;
  int locked, in_step;  // in_step: bytes in a row that came as foretold
  int bad;              // bytes that did not, of a disturbance that may be the pattern's end
  long good, errors, locks;
};

struct audio {
  enum law law;
  enum says says, then;
  uint16_t sending;
  struct pattern heard;
  struct { int hz, on_ms, off_ms; long at; } tone;  // at: samples said
  long sound_ms;                                   // heard above -40 dBm0 or so
  uint8_t echo[kBlock];
  char heard_digits[kDigitsMax + 1];
  size_t digits;
  dtmf_tx_state_t* dtmf_tx;
  dtmf_rx_state_t* dtmf_rx;
  adsi_tx_state_t* caller_id;
  adsi_rx_state_t* caller_id_rx;  // only after audio_expect_caller_id
  char caller[kDigitsMax + 1];
};

void audio_start(struct audio* a, enum law law);
void audio_stop(struct audio* a);
void audio_hear(struct audio* a, const uint8_t* in, int n);
void audio_fill(struct audio* a, uint8_t* out, int n);

// "silence", "prbs", "echo", "tone HZ ON_MS OFF_MS", "dtmf DIGITS" (what was said before goes on after them), "fsk NUMBER [NAME]". 0: not understood.
int audio_say(struct audio* a, char* what);

// From now on FSK caller ID is recognised too.
void audio_expect_caller_id(struct audio* a);

// "prbs=BYTES errors=BYTES locks=TIMES sound=MS digits=DIGITS", with FSK caller ID also "caller=NUMBER"; bytes since the pattern was first recognised.
void audio_report(struct audio* a, char* out, size_t size);
