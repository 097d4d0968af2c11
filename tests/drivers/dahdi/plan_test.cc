// What is wrong with a span when it is opened: each message names the profile's line, the cause and the fix.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/drivers/dahdi/rig.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::dahdi;

TEST_GROUP(DahdiPlan) {
  Rig rig;
  void refused(const Status& status, const std::string& what, const std::string& fix) {
    CHECK_FALSE(status.has_value());
    if (status) return;
    STRCMP_EQUAL("p.toml:7", status.error().where.c_str());
    STRCMP_CONTAINS(what.c_str(), status.error().what.c_str());
    STRCMP_CONTAINS(fix.c_str(), status.error().fix.c_str());
  }
};

TEST(DahdiPlan, a_span_that_is_not_there) {
  auto spec = Rig::e1();
  spec.span = 4;
  refused(rig.open(spec), "DAHDI has no span 4", "dahdi_span = one of 1");
}

TEST(DahdiPlan, no_module) {
  rig.device.ctl_error = ENOENT;
  refused(rig.open(), "module dahdi is not loaded", "modprobe dahdi");
}

TEST(DahdiPlan, no_permission) {
  rig.device.ctl_error = EACCES;
  refused(rig.open(), "may not be opened", "group dahdi");
}

TEST(DahdiPlan, another_signalling) {
  rig.device.at(5).params.signalling = abi::kSigFxoKs;
  refused(rig.open(), "timeslot 5 (DAHDI channel 5) is fxoks, not bchan", "bchan=5");
}

TEST(DahdiPlan, a_channel_that_is_not_configured) {
  rig.device.at(31).params.signalling = abi::kSigNone;
  refused(rig.open(), "timeslot 31 (DAHDI channel 31) is not configured, not bchan", "bchan=31");
}

TEST(DahdiPlan, the_d_channel_in_another_timeslot) {
  rig.device.at(16).params.signalling = abi::kSigClear;
  rig.device.at(31).params.signalling = abi::kSigHdlcFcs;
  refused(rig.open(), "the D channel is in timeslot 31", "dchan=16");
}

TEST(DahdiPlan, without_a_d_channel_of_its_own_every_timeslot_carries_calls) {
  auto spec = Rig::e1();
  spec.d_channel = false;
  refused(rig.open(spec), "timeslot 16 (DAHDI channel 16) is dchan, not bchan", "bchan=16");
  rig.device.at(16).params.signalling = abi::kSigClear;
  CHECK(rig.open(spec).has_value());
  rig.driver->audio().use(1U << 16);
  rig.driver->audio().send(SpanAudio{});
  CHECK_FALSE(rig.device.at(16).written.empty());
}

TEST(DahdiPlan, a_t1_for_an_e1) {
  rig.device.add(2, 32, 24, abi::kSigClear);
  auto spec = Rig::e1();
  spec.span = 2;
  refused(rig.open(spec), "has 24 channels, an E1 has 31", "kind = \"t1\"");
}

TEST(DahdiPlan, the_first_channel_of_a_digital_span_is_the_kernels_whatever_the_profile_counts) {
  rig.device.add(2, 32, 15, abi::kSigClear);
  rig.device.add(2, 47, 1, abi::kSigHdlcFcs);
  rig.device.add(2, 48, 15, abi::kSigClear);
  auto spec = Rig::e1();
  spec.span = 2;
  CHECK(rig.open(spec).has_value());
  CHECK(rig.device.at(32).open);
  CHECK_FALSE(rig.device.at(1).open);
}

TEST(DahdiPlan, analog_ports_that_are_in_another_span) {
  auto spec = Rig::e1();
  spec.channels = 2;
  spec.first_channel = 4;
  spec.span = 2;
  rig.device.add(2, 32, 2, abi::kSigFxoKs);
  const auto plan = plan_analog(rig.device, spec, [](int s) { return s == abi::kSigFxoKs; }, "fxoks");
  CHECK_FALSE(plan.has_value());
  STRCMP_CONTAINS("DAHDI channel 4 is in span 1", plan.error().what.c_str());
}

TEST(DahdiPlan, crc4_as_far_as_it_can_be_seen) {
  auto spec = Rig::e1();
  spec.crc4 = true;
  rig.device.status(1).line_config = abi::kLineCcs | abi::kLineHdb3;
  refused(rig.open(spec), "CRC4 is off on DAHDI span 1, the profile says on", "crc4 = false");
  rig.device.status(1).line_config |= abi::kLineCrc4;
  CHECK(rig.open(spec).has_value());
}

TEST(DahdiPlan, a_span_without_a_framer_has_no_crc4_to_compare) {
  auto spec = Rig::e1();
  spec.crc4 = true;
  CHECK(rig.open(spec).has_value());
}

TEST(DahdiPlan, another_law) {
  auto spec = Rig::e1();
  spec.law = Law::mulaw;
  refused(rig.open(spec), "is set to A-law", "mulaw=1");
}

TEST(DahdiPlan, a_channel_that_another_process_has_and_nothing_stays_open) {
  rig.device.at(20).errors["open"] = EBUSY;
  refused(rig.open(), "DAHDI channel 20 is in use by another process", "fuser");
  CHECK_FALSE(rig.device.at(1).open);
}

TEST(DahdiPlan, a_request_that_the_driver_refuses_is_named) {
  rig.device.at(2).errors["audio_mode"] = ENOTTY;
  refused(rig.open(), "DAHDI channel 2 refuses AUDIOMODE", "dmesg");
}
