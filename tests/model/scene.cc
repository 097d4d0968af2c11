// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/scene.h"

#include <fmt/format.h>

#include <array>

namespace sr::test {
namespace {

const std::vector<Act> kOfPlaces = {Act::press_key, Act::press_key_cross, Act::far_answers_cross, Act::far_busy, Act::close_task};
const std::vector<Act> kOfOutside = {Act::outside_answers, Act::outside_answers_cross, Act::outside_fails, Act::outside_hangs_up, Act::outside_hangs_up_cross, Act::accept, Act::log_on_outside};
const std::vector<Act> kOfStations = {Act::off_hook, Act::off_hook_cross, Act::on_hook, Act::on_hook_cross, Act::unplug, Act::plug, Act::log_on};
const std::vector<Act> kOfDialling = {Act::flash, Act::dial_other, Act::dial_out};

std::vector<Act> all_of(std::initializer_list<std::vector<Act>> parts) {
  std::vector<Act> out;
  for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

CenterConfig basis() {
  CenterConfig c;
  for (int a = 0; a < kModelAgents; ++a) c.agents.push_back({.id = agent_id(a), .name = agent_id(a), .pin = "1", .wrap_up = 3s});
  c.outgoing_group = "city";
  c.outgoing_calling = "4006001";
  return c;
}

NumberConfig number(const char* number, const char* queue) { return {.number = number, .business = "b", .script = "s", .queue = queue, .record_calls = false}; }

Scene office() {
  CenterConfig c = basis();
  OverflowConfig help{.agents = {"2002"}, .when = {.begin = {.waiting = 2}, .end = {.waiting = 1}}};
  c.queues.push_back({.name = "orders", .agents = {"2001"}, .timeout = 60s, .length_max = 2, .overflow = {help}});
  c.queues.push_back({.name = "service", .agents = {"2001", "2002"}, .timeout = 40s});
  c.numbers = {number("4006001", "orders"), number("4006002", "service")};
  return {.name = "office", .config = std::move(c), .without = all_of({kOfPlaces, kOfOutside}),
          .before = {{Act::log_on, 0}, {Act::log_on, 1}, {Act::ready, 0}, {Act::ready, 1}}};
}

CenterConfig one_queue() {
  CenterConfig c = basis();
  c.queues.push_back({.name = "orders", .agents = {"2001", "2002"}, .timeout = 60s});
  c.numbers = {number("4006001", "orders")};
  return c;
}

constexpr PlaceConfig kPlaces{.tries = 2, .ring = 20s, .pause = 5s, .keep = 120s, .max = 2};

Scene places() {
  CenterConfig c = one_queue();
  c.queues[0].callback = kPlaces;
  return {.name = "places", .config = std::move(c), .agents = 1, .customers = 2, .without = all_of({{Act::call_service}, kOfDialling, kOfOutside}),
          .before = {{Act::log_on}, {Act::call_orders}, {Act::press_key}, {Act::hang_up}}};
}

Scene capture() {
  CenterConfig c = one_queue();
  c.queues.push_back({.name = "service", .agents = {"2001"}, .timeout = 40s});
  c.numbers.push_back(number("4006002", "service"));
  c.numbers[0].capture = {.prompt = "busy", .media = CaptureMedia::early};
  c.numbers[1].capture = {.prompt = "busy", .media = CaptureMedia::answered};
  c.trunks = {{.group = "city", .reserve = 2}};
  return {.name = "capture", .config = std::move(c), .agents = 1, .customers = 3, .channels = 3, .without = all_of({kOfPlaces, kOfOutside, {Act::flash, Act::dial_other}}),
          .before = {{Act::log_on}, {Act::ready}}};
}

std::vector<PhoneConfig> outside_phones() {
  return {{.name = outside_phone(0), .group = "city", .number = outside_number(0), .kept_up = true},
          {.name = outside_phone(1), .group = "city", .number = outside_number(1), .accept_key = {kAcceptKey}}};
}

Scene outside() {
  CenterConfig c = one_queue();
  c.phones = outside_phones();
  return {.name = "outside", .config = std::move(c), .without = all_of({kOfPlaces, kOfStations, kOfDialling, {Act::call_service}}),
          .before = {{Act::log_on_outside, 0}, {Act::log_on_outside, 1}, {Act::outside_answers, 0}, {Act::ready, 0}, {Act::ready, 1}}};
}

Scene whole() {
  Scene scene = office();
  CenterConfig& c = scene.config;
  c.queues[0].callback = c.queues[1].callback = kPlaces;
  c.numbers[0].capture = {.prompt = "busy", .media = CaptureMedia::early};
  c.numbers[1].capture = {.prompt = "busy", .media = CaptureMedia::answered};
  c.trunks = {{.group = "city", .reserve = 2}};
  c.phones = outside_phones();
  c.phones.push_back({.name = "1002", .kept_up = true, .accept_key = {kAcceptKey}});
  return {.name = "whole", .config = std::move(c), .customers = 3, .channels = 4};
}

}  // namespace

std::string station_of(int agent) { return fmt::format("100{}", agent + 1); }
std::string agent_id(int agent) { return fmt::format("200{}", agent + 1); }
std::string outside_phone(int agent) { return agent == 0 ? "line" : "home"; }
std::string outside_number(int agent) { return fmt::format("60{}", agent + 1); }
std::string customer_number(const Scene& scene, int customer) { return scene.customers == 0 ? "138" : customer == 2 ? std::string() : fmt::format("138{}", customer + 1); }

const Scene* find_scene(std::string_view name) {
  static const std::array kScenes = {office(), places(), capture(), outside(), whole()};
  const auto it = std::ranges::find(kScenes, name, &Scene::name);
  return it == kScenes.end() ? nullptr : &*it;
}

}  // namespace sr::test
