// Analog lines of a board from the profile's words: the plane of the span and what its signalling must know of it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>

#include "drivers/base/reactor.h"
#include "drivers/dahdi/span_plan.h"
#include "drivers/profile/profile.h"
#include "drivers/sig/sig.h"

namespace sr::dahdi { class LinePlane; }

namespace sr::daemon {

Result<std::unique_ptr<dahdi::LinePlane>> analog_plane(Reactor& reactor, const profile::Profile& profile, const profile::SpanProfile& span, const dahdi::SpanSpec& spec);
sig::FxoConfig fxo_config(const profile::SpanProfile& span);

}  // namespace sr::daemon
