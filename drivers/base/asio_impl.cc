// Asio's own code, compiled once (BOOST_ASIO_SEPARATE_COMPILATION), so that reactor.cc pays for declarations only.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/asio/impl/src.hpp>
