// The DAHDI kernel driver's interface as numbers and layouts (2.11, all architectures of Debian): requests, structures, flags.
// Debian ships the original header only inside the kernel module's source package, which pulls a whole build environment in;
// tests/drivers/dahdi/abi_test.cc compares the two wherever that header is found. Only kernel_device.cc speaks these; what
// crosses the seam (device.h) uses the numbers of events, signalling types and alarms from here.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <sys/ioctl.h>

#include <cstddef>
#include <cstdint>

namespace sr::dahdi::abi {

inline constexpr int kElast = 500;  // errno: an event waits; not in <cerrno>

struct Params {
  int channel, span, position;
  int signalling, capabilities, rx_off_hook, rx_bits, tx_bits, tx_hook, rx_hook, law, idle_bits;
  char name[40];
  int pre_wink_ms, pre_flash_ms, wink_ms, flash_ms, start_ms, rx_wink_ms, rx_flash_ms, debounce_ms, pulse_break_ms, pulse_make_ms, pulse_after_ms;
  std::uint32_t alarms;
};
struct [[gnu::packed]] SpanInfo {
  int span;
  char name[20], description[40];
  int alarms, tx_level, rx_level;
  int bpv, crc4, ebit, fas;
  std::uint32_t framing_errors, code_violations, bit_errors, prbs, errored_seconds;
  int irq_misses, sync_source, configured_channels, total_channels, total_spans, build_out, line_config;
  char build_out_text[40], location[40], manufacturer[40], device_type[40];
  int irq, line_compat;
  char type[6];
};
struct BufferInfo { int tx_policy, rx_policy, buffers, size, read_full, write_full; };
struct Conference { int channel, conference, mode; };
struct Gains { int channel; unsigned char rx[256], tx[256]; };
struct Maintenance { int span, command; };
struct EchoParams { std::uint32_t taps, parameters; };
struct RingCadence { int ms[16]; };
struct HwGain { std::int32_t tenth_db; std::uint32_t tx : 1; };

inline constexpr unsigned kCode = 0xDA;
inline constexpr unsigned long kGetParams = _IOWR(kCode, 5, Params), kSetParams = _IOW(kCode, 5, Params), kHook = _IOW(kCode, 7, int),
                               kGetEvent = _IOR(kCode, 8, int), kSpanStat = _IOWR(kCode, 10, SpanInfo), kMaint = _IOW(kCode, 11, Maintenance),
                               kFlush = _IOW(kCode, 3, int), kSetConf = _IOWR(kCode, 13, Conference), kSetGains = _IOW(kCode, 16, Gains),
                               kSetToneZone = _IOW(kCode, 22, int), kGetBufInfo = _IOR(kCode, 27, BufferInfo),
                               kSetBufInfo = _IOW(kCode, 27, BufferInfo), kAudioMode = _IOW(kCode, 32, int), kEchoCancel = _IOW(kCode, 33, int),
                               kEchoCancelParams = _IOW(kCode, 33, EchoParams), kSpecify = _IOW(kCode, 38, int), kSetLaw = _IOW(kCode, 39, int),
                               kSetCadence = _IOW(kCode, 42, RingCadence), kGetRxBits = _IOR(kCode, 43, int), kSetTxBits = _IOW(kCode, 43, int),
                               kOnHookTransfer = _IOW(kCode, 51, int), kLoopback = _IOW(kCode, 58, int), kSetHwGain = _IOW(kCode, 86, HwGain),
                               kSetPolarity = _IOW(kCode, 92, int), kEchoFaxMode = _IOW(kCode, 102, int), kBufferEvents = _IOW(kCode, 105, int);

// Signalling of a channel as system.conf sets it.
inline constexpr int kSigFxs = 1 << 13, kSigFxo = 1 << 12;
inline constexpr int kSigNone = 0, kSigFxsLs = 1 | kSigFxs, kSigFxsGs = 2 | kSigFxs, kSigFxsKs = 4 | kSigFxs, kSigFxoLs = 8 | kSigFxo,
                     kSigFxoGs = 16 | kSigFxo, kSigFxoKs = 32 | kSigFxo, kSigEm = 1 << 6, kSigClear = 1 << 7, kSigHdlcRaw = (1 << 8) | kSigClear,
                     kSigHdlcFcs = (1 << 9) | kSigHdlcRaw, kSigCas = 1 << 15, kSigEmE1 = 1 << 17, kSigHardHdlc = (1 << 19) | kSigClear,
                     kSigMtp2 = (1 << 20) | kSigHdlcFcs;

// Alarms of a span or channel, several at once.
inline constexpr int kAlarmRecover = 1 << 0, kAlarmLoopback = 1 << 1, kAlarmYellow = 1 << 2, kAlarmRed = 1 << 3, kAlarmBlue = 1 << 4,
                     kAlarmNotOpen = 1 << 5, kAlarmLos = 1 << 8, kAlarmLfa = 1 << 9, kAlarmLmfa = 1 << 10;

// Framing and coding in SpanInfo::line_config.
inline constexpr int kLineD4 = 1 << 4, kLineEsf = 1 << 5, kLineAmi = 1 << 6, kLineB8zs = 1 << 7, kLineCcs = 1 << 8, kLineHdb3 = 1 << 9, kLineCrc4 = 1 << 10;

inline constexpr int kConfNormal = 0, kConfDigitalMonitor = 9;
inline constexpr int kPolicyImmediate = 0;
inline constexpr int kMaintNone = 0, kMaintNetworkLineLoop = 2;

}  // namespace sr::dahdi::abi
