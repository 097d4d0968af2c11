// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/dahdi/open_error.h"

#include <cerrno>
#include <cstring>

namespace sr::dahdi {
namespace {
const char* const kGroupFix = "put boardd's user into the group dahdi (usermod -aG dahdi USER) and start it again";
const char* const kModuleFix = "modprobe dahdi and the module of the board; boardctl detect names it";
}  // namespace

Error control_error(int error, const std::string& where) {
  switch (error) {
    case ENOENT:
    case ENXIO:
    case ENODEV: return {"there is no /dev/dahdi: the kernel module dahdi is not loaded", where, kModuleFix};
    case EACCES:
    case EPERM: return {"/dev/dahdi may not be opened: " + std::string(std::strerror(error)), where, kGroupFix};
    default: return {"/dev/dahdi/ctl: " + std::string(std::strerror(error)), where, "see dmesg for what the driver says"};
  }
}

Error open_error(int error, int channel, const std::string& where) {
  const std::string name = "DAHDI channel " + std::to_string(channel);
  switch (error) {
    case EBUSY: return {name + " is in use by another process", where, "end it (fuser -v /dev/dahdi/* names it); boardd owns its channels alone"};
    case ENXIO: return {name + " has no signalling", where, "boardctl apply writes /etc/dahdi/system.conf; then dahdi_cfg"};
    case EINVAL: return {name + " does not exist", where, "boardctl detect and /proc/dahdi show what is there"};
    case ENOENT:
    case ENODEV:
    case EACCES:
    case EPERM: return control_error(error, where);
    default: return {name + ": " + std::strerror(error), where, "see dmesg for what the driver says"};
  }
}

std::string signalling_name(int signalling) {
  switch (signalling) {
    case abi::kSigNone: return "not configured";
    case abi::kSigFxsLs: return "fxsls";
    case abi::kSigFxsGs: return "fxsgs";
    case abi::kSigFxsKs: return "fxsks";
    case abi::kSigFxoLs: return "fxols";
    case abi::kSigFxoGs: return "fxogs";
    case abi::kSigFxoKs: return "fxoks";
    case abi::kSigEm: return "e&m";
    case abi::kSigEmE1: return "e&me1";
    case abi::kSigClear: return "bchan";
    case abi::kSigHdlcFcs: return "dchan";
    case abi::kSigHardHdlc: return "hardhdlc";
    case abi::kSigMtp2: return "mtp2";
    case abi::kSigCas: return "cas";
    default: return "signalling " + std::to_string(signalling);
  }
}

}  // namespace sr::dahdi
