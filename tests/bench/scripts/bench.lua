-- What the bench's callers meet: straight into the queue.
-- SPDX-License-Identifier: GPL-2.0-or-later
answer()
queue("orders")
hangup()
