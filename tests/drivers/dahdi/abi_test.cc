// Our numbers against the kernel's own header, wherever it is installed; without it the sizes alone are compared.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/abi.h"

#if __has_include(<dahdi/user.h>)
#include <dahdi/user.h>
#endif

#include <CppUTest/TestHarness.h>

#include "drivers/dahdi/device.h"

namespace abi = sr::dahdi::abi;

static_assert(sizeof(abi::Params) == 136 && offsetof(abi::Params, pre_wink_ms) == 88 && offsetof(abi::Params, alarms) == 132);
static_assert(sizeof(abi::SpanInfo) == 314 && offsetof(abi::SpanInfo, type) == 308);
static_assert(sizeof(abi::BufferInfo) == 24 && sizeof(abi::Gains) == 516 && sizeof(abi::RingCadence) == 64);

TEST_GROUP(DahdiAbi) {};

TEST(DahdiAbi, an_event_code_with_a_digit_gives_kind_and_digit) {
  const auto pulse = sr::dahdi::channel_event((1 << 16) | '7');
  CHECK(pulse.kind == sr::dahdi::EventKind::pulse_digit && pulse.digit == '7');
  const auto plain = sr::dahdi::channel_event(17);
  CHECK(plain.kind == sr::dahdi::EventKind::polarity && plain.digit == 0);
}

#ifdef DAHDI_CODE
using sr::dahdi::EventKind;
static_assert(sizeof(abi::Params) == sizeof(dahdi_params) && offsetof(abi::Params, law) == offsetof(dahdi_params, curlaw));
static_assert(sizeof(abi::SpanInfo) == sizeof(dahdi_spaninfo) && offsetof(abi::SpanInfo, line_config) == offsetof(dahdi_spaninfo, lineconfig));
static_assert(offsetof(abi::SpanInfo, device_type) == offsetof(dahdi_spaninfo, devicetype) && offsetof(abi::SpanInfo, crc4) == offsetof(dahdi_spaninfo, crc4count));

TEST(DahdiAbi, every_request_is_the_number_of_the_kernels_header) {
  const unsigned long ours[] = {abi::kGetParams, abi::kSetParams, abi::kHook, abi::kGetEvent, abi::kSpanStat, abi::kMaint, abi::kFlush, abi::kSetConf,
                                abi::kSetGains, abi::kSetToneZone, abi::kGetBufInfo, abi::kSetBufInfo, abi::kAudioMode, abi::kEchoCancel,
                                abi::kEchoCancelParams, abi::kSpecify, abi::kSetLaw, abi::kSetCadence, abi::kGetRxBits, abi::kSetTxBits,
                                abi::kOnHookTransfer, abi::kLoopback, abi::kSetHwGain, abi::kSetPolarity, abi::kEchoFaxMode, abi::kBufferEvents};
  const unsigned long theirs[] = {DAHDI_GET_PARAMS, DAHDI_SET_PARAMS, DAHDI_HOOK, DAHDI_GETEVENT, DAHDI_SPANSTAT, DAHDI_MAINT, DAHDI_FLUSH, DAHDI_SETCONF,
                                  DAHDI_SETGAINS, DAHDI_SETTONEZONE, DAHDI_GET_BUFINFO, DAHDI_SET_BUFINFO, DAHDI_AUDIOMODE, DAHDI_ECHOCANCEL,
                                  DAHDI_ECHOCANCEL_PARAMS, DAHDI_SPECIFY, DAHDI_SETLAW, DAHDI_SETCADENCE, DAHDI_GETRXBITS, DAHDI_SETTXBITS,
                                  DAHDI_ONHOOKTRANSFER, DAHDI_LOOPBACK, DAHDI_SET_HWGAIN, DAHDI_SETPOLARITY, DAHDI_ECHOCANCEL_FAX_MODE, DAHDI_BUFFER_EVENTS};
  for (std::size_t i = 0; i < std::size(ours); ++i) UNSIGNED_LONGS_EQUAL(theirs[i], ours[i]);
}

TEST(DahdiAbi, signalling_alarms_and_events_are_those_of_the_kernels_header) {
  const int ours[] = {abi::kSigFxsKs, abi::kSigFxsLs, abi::kSigFxsGs, abi::kSigFxoKs, abi::kSigFxoLs, abi::kSigFxoGs, abi::kSigEm, abi::kSigClear,
                      abi::kSigHdlcFcs, abi::kSigHardHdlc, abi::kSigCas, abi::kSigMtp2, abi::kAlarmYellow, abi::kAlarmRed, abi::kAlarmBlue,
                      abi::kAlarmLos, abi::kAlarmRecover, abi::kAlarmNotOpen, abi::kLineCrc4, abi::kLineHdb3, abi::kConfDigitalMonitor,
                      static_cast<int>(EventKind::removed), static_cast<int>(EventKind::write_underrun), static_cast<int>(EventKind::polarity),
                      static_cast<int>(EventKind::dtmf_up)};
  const int theirs[] = {DAHDI_SIG_FXSKS, DAHDI_SIG_FXSLS, DAHDI_SIG_FXSGS, DAHDI_SIG_FXOKS, DAHDI_SIG_FXOLS, DAHDI_SIG_FXOGS, DAHDI_SIG_EM, DAHDI_SIG_CLEAR,
                        DAHDI_SIG_HDLCFCS, DAHDI_SIG_HARDHDLC, DAHDI_SIG_CAS, DAHDI_SIG_MTP2, DAHDI_ALARM_YELLOW, DAHDI_ALARM_RED, DAHDI_ALARM_BLUE,
                        DAHDI_ALARM_LOS, DAHDI_ALARM_RECOVER, DAHDI_ALARM_NOTOPEN, DAHDI_CONFIG_CRC4, DAHDI_CONFIG_HDB3, DAHDI_CONF_DIGITALMON,
                        DAHDI_EVENT_REMOVED, DAHDI_EVENT_WRITE_UNDERRUN, DAHDI_EVENT_POLARITY, DAHDI_EVENT_DTMFUP};
  for (std::size_t i = 0; i < std::size(ours); ++i) LONGS_EQUAL(theirs[i], ours[i]);
}
#endif
