// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/boardctl/detect.h"

#include <cstdlib>
#include <sstream>
#include <vector>

#include "tests/tools/boardctl/tree.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::boardctl;

namespace {

struct Row {
  std::string name, bus, vendor, device, subvendor, module, supply, model;
};

std::vector<Row> rows() {
  std::vector<Row> out;
  std::ifstream in("tests/tools/fixtures/boards.txt");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    Row r;
    std::istringstream fields(line);
    fields >> r.name >> r.bus >> r.vendor >> r.device >> r.subvendor >> r.module >> r.supply >> std::ws;
    std::getline(fields, r.model);
    out.push_back(r);
  }
  return out;
}

void plant(const std::string& row, const Tree& tree) {
  const std::string command = "tests/tools/fixtures/plant " + row + " " + tree.root;
  CHECK_EQUAL(0, std::system(command.c_str()));
}

// What `supply` means for the command; the words that must be in it.
std::vector<std::string> words_of(const Row& r) {
  std::vector<std::string> words{"linux-headers-6.1.0-28-amd64"};
  if (r.supply == "dkms") words.insert(words.end(), {"apt-get install ", " dahdi-dkms && modprobe " + r.module});
  if (r.supply == "source") words.insert(words.end(), {"make -C /usr/src/dahdi-2.11.1.0.20170917 install-modules KVERS=6.1.0-28-amd64", "modprobe " + r.module});
  if (r.supply == "openvox") words.insert(words.end(), {"openvox_dahdi-linux-complete", "modprobe " + r.module});
  if (r.supply == "wanpipe") words.insert(words.end(), {"ftp.sangoma.com", "wancfg_dahdi"});
  return words;
}

bool has(const std::string& page, std::string_view text) { return page.find(text) != std::string::npos; }

}  // namespace

TEST_GROUP(Detect) {};

TEST(Detect, every_row_of_the_table_is_found_with_its_model_module_and_command) {
  std::size_t found = 0;
  std::string done;
  for (const auto& first : rows()) {
    if (first.name == done) continue;
    done = first.name;
    Tree tree;
    plant(done, tree);
    const auto result = detect(Host(tree.root));
    std::size_t at = 0;
    for (const auto& r : rows()) {
      if (r.name != done) continue;
      CHECK_TRUE(at < result.boards.size());
      const auto& b = result.boards[at++];
      STRCMP_EQUAL(r.model.c_str(), std::string(b.kind->model).c_str());
      STRCMP_EQUAL(r.module.c_str(), std::string(b.kind->module).c_str());
      STRCMP_EQUAL((r.vendor + ":" + r.device).c_str(), b.id.c_str());
      for (const auto& word : words_of(r)) CHECK_TEXT(has(b.fix, word), (r.model + ": " + b.fix).c_str());
      const std::string page = detect_page(result, kTreeKernel);
      CHECK_TRUE(has(page, r.model + "\n") && has(page, "module  " + r.module + ": not in kernel 6.1.0-28-amd64") && has(page, "mend    " + b.fix));
      ++found;
    }
    CHECK_EQUAL(at, result.boards.size());
    CHECK_EQUAL(0u, result.unknown.size());
  }
  CHECK_EQUAL(profile::board_kinds().size(), found);
}

TEST(Detect, the_bridge_chip_is_never_matched_without_its_subvendor) {
  Tree tree;
  tree.pci("0000:05:00.0", "e159", "0001", "1234");
  const auto result = detect(Host(tree.root));
  CHECK_EQUAL(0u, result.boards.size());
  CHECK_EQUAL(1u, result.unknown.size());
  CHECK_TRUE(has(result.unknown[0], "0000:05:00.0") && has(result.unknown[0], "1234"));
  STRCMP_EQUAL("[]\n", detect_json(result).c_str());
  tree.gone("sys/bus/pci/devices/0000:05:00.0/subsystem_vendor");
  CHECK_EQUAL(0u, detect(Host(tree.root)).boards.size());
}

TEST(Detect, without_a_board_it_says_so) {
  Tree tree;
  plant("none", tree);
  const auto result = detect(Host(tree.root));
  STRCMP_EQUAL("no board found\n", detect_page(result, kTreeKernel).c_str());
  STRCMP_EQUAL("[]\n", detect_json(result).c_str());
  STRCMP_EQUAL("[]\n", detect_json(detect(Host("/nonexistent"))).c_str());
}

TEST(Detect, the_command_follows_what_is_there_already) {
  Tree tree;
  tree.pci("0000:03:00.0", "d161", "1410", "0005");
  const auto board = [&] { return detect(Host(tree.root)).boards.at(0); };
  STRCMP_EQUAL("apt-get install linux-headers-6.1.0-28-amd64 dahdi-dkms && modprobe wct4xxp", board().fix.c_str());
  tree.modules("updates/dkms/wct4xxp.ko.xz: updates/dkms/dahdi.ko.xz\n");
  CHECK_TRUE(board().module_built);
  STRCMP_EQUAL("modprobe wct4xxp", board().fix.c_str());
  tree.file("sys/module/wct4xxp/refcnt", "0\n");
  CHECK_TRUE(has(board().fix, "modprobe -r wct4xxp"));
  tree.link("sys/bus/pci/devices/0000:03:00.0/driver", "../../../../bus/pci/drivers/wct4xxp");
  STRCMP_EQUAL("", board().fix.c_str());
  STRCMP_EQUAL("wct4xxp", board().driver.c_str());
  STRCMP_EQUAL("[{\"model\":\"Digium TE410P/TE412P (fifth generation)\",\"bus\":\"pci\",\"address\":\"0000:03:00.0\",\"id\":\"d161:1410\",\"subvendor\":\"0005\","
               "\"module\":\"wct4xxp\",\"module_built\":true,\"module_loaded\":true,\"driver\":\"wct4xxp\",\"fix\":\"\"}]\n",
               detect_json(detect(Host(tree.root))).c_str());
}

TEST(Detect, debians_module_does_not_drive_openvox_boards_that_need_the_patched_one) {
  Tree tree;
  tree.pci("0000:03:00.0", "1b74", "d410", "0001");
  tree.modules("updates/dkms/wct4xxp.ko:\n");
  tree.file("sys/module/wct4xxp/refcnt", "0\n");
  const auto board = [&] { return detect(Host(tree.root)).boards.at(0); };
  CHECK_FALSE(board().module_built);
  CHECK_TRUE(has(board().fix, "openvox_dahdi-linux-complete"));
  tree.file(std::string("lib/modules/") + kTreeKernel + "/modules.alias", "alias pci:v0000D161d00001410sv*sd*bc*sc*i* wct4xxp\nalias pci:v00001B74d0000D410sv*sd*bc*sc*i* wct4xxp\n");
  CHECK_TRUE(board().module_built);
  CHECK_TRUE(has(board().fix, "modprobe -r wct4xxp"));
}

TEST(Detect, a_module_that_only_resembles_the_name_does_not_count) {
  Tree tree;
  tree.modules("updates/dkms/xwct4xxp.ko:\nupdates/dkms/wct4xxp2.ko: updates/dkms/wct4xxp.ko\nkernel/dahdi-voicebus.ko.zst:\n");
  const Host host(tree.root);
  CHECK_FALSE(host.module_built("wct4xxp"));
  CHECK_TRUE(host.module_built("dahdi_voicebus"));
}
