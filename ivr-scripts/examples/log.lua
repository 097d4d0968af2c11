-- SPDX-License-Identifier: GPL-2.0-or-later
log("business", call.settings.business, "called from", call.calling)
hangup()
