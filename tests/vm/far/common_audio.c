// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/vm/far/common_audio.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kLockAfter = 64, kLostAfter = 64, kBackAfter = 4, kMessageMax = 128, kSoundLevel = 100, kToneLevel = 8000 };

static uint8_t next_byte(uint16_t* state) {
  for (int i = 0; i < 8; ++i) *state = (uint16_t)((*state << 1) | (((*state >> 13) ^ (*state >> 14)) & 1));
  return (uint8_t)*state;
}

static void pattern_hear(struct pattern* p, uint8_t byte) {
  uint16_t state = p->state & 0x7fff;
  const int told = state != 0 && next_byte(&state) == byte;
  p->state = (uint16_t)(p->state << 8 | byte);
  p->in_step = told ? p->in_step + 1 : 0;
  if (!p->locked) {
    if (p->in_step < kLockAfter) return;
    p->locked = 1;
    p->locks++;
  } else if (!told) {
    if (++p->bad >= kLostAfter) p->locked = p->bad = 0;  // the pattern has ended: its end is no error of the line
  } else {
    p->good++;
    if (p->in_step < kBackAfter) return;
    p->errors += p->bad;
    p->bad = 0;
  }
}

static uint8_t encode(const struct audio* a, int16_t sample) { return a->law == kAlaw ? linear_to_alaw(sample) : linear_to_ulaw(sample); }
static int16_t decode(const struct audio* a, uint8_t byte) { return a->law == kAlaw ? alaw_to_linear(byte) : ulaw_to_linear(byte); }

void audio_start(struct audio* a, enum law law) {
  *a = (struct audio){.law = law, .sending = 0x2a55};
  memset(a->echo, encode(a, 0), sizeof a->echo);
  a->dtmf_rx = dtmf_rx_init(NULL, NULL, NULL);
}

void audio_stop(struct audio* a) {
  if (a->dtmf_rx) dtmf_rx_free(a->dtmf_rx);
  if (a->dtmf_tx) dtmf_tx_free(a->dtmf_tx);
  if (a->caller_id) adsi_tx_free(a->caller_id);
  if (a->caller_id_rx) adsi_rx_free(a->caller_id_rx);
  a->dtmf_rx = NULL;
  a->dtmf_tx = NULL;
  a->caller_id = NULL;
  a->caller_id_rx = NULL;
}

static void take_caller_id(void* user, const uint8_t* message, int n) {
  struct audio* a = user;
  uint8_t type = 0;
  const uint8_t* body = NULL;
  int size = 0;
  for (int at = adsi_next_field(a->caller_id_rx, message, n, -1, &type, &body, &size); at > 0;
       at = adsi_next_field(a->caller_id_rx, message, n, at, &type, &body, &size)) {
    if (body && type == MCLASS_CALLER_NUMBER) snprintf(a->caller, sizeof a->caller, "%.*s", size, (const char*)body);
  }
}

void audio_expect_caller_id(struct audio* a) { a->caller_id_rx = adsi_rx_init(NULL, ADSI_STANDARD_CLASS, take_caller_id, a); }

void audio_hear(struct audio* a, const uint8_t* in, int n) {
  int16_t linear[kBlock];
  long level = 0;
  for (int i = 0; i < n; ++i) {
    pattern_hear(&a->heard, in[i]);
    linear[i] = decode(a, in[i]);
    level += abs(linear[i]);
    a->echo[i] = in[i];
  }
  if (level > (long)kSoundLevel * n) a->sound_ms += n / 8;
  dtmf_rx(a->dtmf_rx, linear, n);
  if (a->caller_id_rx) adsi_rx(a->caller_id_rx, linear, n);
}

static int16_t tone_sample(struct audio* a) {
  const long ms = a->tone.at / 8, period = a->tone.on_ms + a->tone.off_ms;
  const double phase = 2 * M_PI * a->tone.hz * (double)a->tone.at++ / 8000;
  return period == 0 || ms % period < a->tone.on_ms ? (int16_t)(kToneLevel * sin(phase)) : 0;
}

static void fill_linear(struct audio* a, uint8_t* out, int n, int16_t* linear, int made) {
  for (int i = 0; i < n; ++i) out[i] = encode(a, i < made ? linear[i] : 0);
  if (made < n) a->says = a->then;
}

void audio_fill(struct audio* a, uint8_t* out, int n) {
  int16_t linear[kBlock];
  switch (a->says) {
    case kSaysSilence: memset(out, encode(a, 0), (size_t)n); break;
    case kSaysPattern:
      for (int i = 0; i < n; ++i) out[i] = next_byte(&a->sending);
      break;
    case kSaysEcho: memcpy(out, a->echo, (size_t)n); break;
    case kSaysTone:
      for (int i = 0; i < n; ++i) out[i] = encode(a, tone_sample(a));
      break;
    case kSaysDigits: fill_linear(a, out, n, linear, dtmf_tx(a->dtmf_tx, linear, n)); break;
    case kSaysCallerId: fill_linear(a, out, n, linear, adsi_tx(a->caller_id, linear, n)); break;
  }
}

static void digits(struct audio* a, const char* what) {
  if (!a->dtmf_tx) a->dtmf_tx = dtmf_tx_init(NULL);
  dtmf_tx_set_timing(a->dtmf_tx, 70, 70);
  dtmf_tx_put(a->dtmf_tx, what, -1);
}

static void caller_id(struct audio* a, const char* number, const char* name) {
  uint8_t message[kMessageMax];
  if (a->caller_id) adsi_tx_free(a->caller_id);
  a->caller_id = adsi_tx_init(NULL, ADSI_STANDARD_CLASS);
  int n = adsi_add_field(a->caller_id, message, -1, CLASS_MDMF_CALLERID, NULL, 0);
  n = adsi_add_field(a->caller_id, message, n, MCLASS_DATETIME, (const uint8_t*)"01050900", 8);
  n = adsi_add_field(a->caller_id, message, n, MCLASS_CALLER_NUMBER, (const uint8_t*)number, (int)strlen(number));
  if (name) n = adsi_add_field(a->caller_id, message, n, MCLASS_CALLER_NAME, (const uint8_t*)name, (int)strlen(name));
  adsi_tx_put_message(a->caller_id, message, n);
}

int audio_say(struct audio* a, char* what) {
  char* rest = NULL;
  const char* word = strtok_r(what, " ", &rest);
  const char* first = strtok_r(NULL, " ", &rest);
  const enum says before = a->says < kSaysDigits ? a->says : a->then;
  if (!word) return 0;
  if (strcmp(word, "silence") == 0) return a->says = kSaysSilence, 1;
  if (strcmp(word, "prbs") == 0) return a->says = kSaysPattern, 1;
  if (strcmp(word, "echo") == 0) return a->says = kSaysEcho, 1;
  if (!first) return 0;
  if (strcmp(word, "tone") == 0) {
    const char* on = strtok_r(NULL, " ", &rest);
    const char* off = on ? strtok_r(NULL, " ", &rest) : NULL;
    a->tone.hz = atoi(first);
    a->tone.on_ms = on ? atoi(on) : 0;
    a->tone.off_ms = off ? atoi(off) : 0;
    a->tone.at = 0;
    return a->says = kSaysTone, 1;
  }
  a->then = before;
  if (strcmp(word, "dtmf") == 0) return digits(a, first), a->says = kSaysDigits, 1;
  if (strcmp(word, "fsk") == 0) return caller_id(a, first, strtok_r(NULL, "", &rest)), a->says = kSaysCallerId, 1;
  return 0;
}

void audio_report(struct audio* a, char* out, size_t size) {
  if (a->dtmf_rx) a->digits += dtmf_rx_get(a->dtmf_rx, a->heard_digits + a->digits, kDigitsMax - (int)a->digits);
  snprintf(out, size, "prbs=%ld errors=%ld locks=%ld sound=%ld digits=%s", a->heard.good, a->heard.errors, a->heard.locks, a->sound_ms,
           a->digits ? a->heard_digits : "-");
  if (a->caller_id_rx) {
    const size_t used = strlen(out);
    snprintf(out + used, size - used, " caller=%s", a->caller[0] ? a->caller : "-");
  }
}
