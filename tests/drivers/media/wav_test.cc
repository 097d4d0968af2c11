// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/media/wav.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "drivers/media/g711.h"
#include "drivers/media/prompt_store.h"

#include <CppUTest/TestHarness.h>

using namespace sr;
using namespace sr::media;
namespace fs = std::filesystem;

TEST_GROUP(Wav) {
  std::vector<std::uint8_t> mono(std::size_t samples) {
    const auto header = wav_header(1, static_cast<std::uint32_t>(samples));
    std::vector<std::uint8_t> file(header.begin(), header.end());
    file.resize(file.size() + samples, 0x42);
    return file;
  }
};

TEST(Wav, finds_the_samples) {
  const auto data = find_alaw_mono(mono(1000));
  CHECK_TRUE(data.has_value());
  LONGS_EQUAL(kWavHeaderBytes, data->offset);
  LONGS_EQUAL(1000, data->length);
}

TEST(Wav, an_open_or_too_long_length_is_what_is_there) {
  auto file = mono(1000);
  file.resize(file.size() - 100);
  LONGS_EQUAL(900, find_alaw_mono(file)->length);
  std::fill(file.begin() + 54, file.begin() + 58, 0xFF);
  LONGS_EQUAL(900, find_alaw_mono(file)->length);
}

TEST(Wav, says_what_it_is_instead) {
  auto file = mono(10);
  file[20] = 1;  // PCM
  STRCMP_CONTAINS("format 1", find_alaw_mono(file).error().what.c_str());
  STRCMP_CONTAINS("sox", find_alaw_mono(file).error().fix.c_str());
  file = mono(10);
  file[22] = 2;
  STRCMP_CONTAINS("2 channel", find_alaw_mono(file).error().what.c_str());
}

TEST(Wav, no_bytes_can_harm_the_reader) {
  std::mt19937 random(3);
  for (int n = 0; n < 20'000; ++n) {
    auto file = mono(60);
    for (int k = 0; k < 4; ++k) file[random() % 58] = static_cast<std::uint8_t>(random());
    file.resize(random() % (file.size() + 1));
    if (const auto data = find_alaw_mono(file)) CHECK_TRUE(data->offset + data->length <= file.size());
  }
}

TEST_GROUP(G711) {};

TEST(G711, encoding_what_was_decoded_gives_the_byte_again) {
  for (int b = 0; b < 256; ++b) BYTES_EQUAL(b, alaw_encode(alaw_decode(static_cast<std::uint8_t>(b))));
}

TEST(G711, each_sample_is_nearest_to_its_code) {
  for (int x = -32768; x < 32768; x += 3) {
    const int y = alaw_decode(alaw_encode(static_cast<std::int16_t>(x)));
    const int step = std::max(16, (std::abs(x) + 16) / 16);
    CHECK_TRUE(std::abs(x - y) <= step);
  }
}

TEST(G711, power_is_that_of_the_level) {
  Block block{};
  const double peak = amplitude_of(-10);
  for (std::size_t i = 0; i < block.size(); ++i) block[i] = alaw_encode(static_cast<std::int16_t>(peak * std::sin(2 * 3.14159265 * static_cast<double>(i) / 16)));
  const double ratio = static_cast<double>(alaw_power(block)) / power_of(-10);
  CHECK_TRUE(ratio > 0.95 && ratio < 1.05);
}

TEST_GROUP(PromptStore) {
  fs::path dir;
  void setup() override {
    std::string name = (fs::temp_directory_path() / "switchroom-XXXXXX").string();
    CHECK_TRUE(::mkdtemp(name.data()) != nullptr);
    dir = name;
    fs::create_directories(dir / "zh");
  }
  void teardown() override { fs::remove_all(dir); }
  void write(const char* name, const std::vector<std::uint8_t>& bytes) {
    std::ofstream(dir / name, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
};

TEST(PromptStore, names_are_language_and_file) {
  const auto header = wav_header(1, 3);
  std::vector<std::uint8_t> file(header.begin(), header.end());
  file.insert(file.end(), {1, 2, 3});
  write("zh/welcome.wav", file);
  write("zh/notes.txt", {1});
  PromptStore store;
  LONGS_EQUAL(0, store.load(dir.string()).size());
  const auto clip = store.find("zh/welcome");
  CHECK_TRUE(clip.has_value());
  LONGS_EQUAL(3, clip->length);
  BYTES_EQUAL(2, clip->samples[1]);
  CHECK_FALSE(store.find("zh/none").has_value());
  STRCMP_CONTAINS("zh/none", store.find("zh/none").error().what.c_str());
}

TEST(PromptStore, a_bad_file_is_named_and_the_others_stay) {
  const auto header = wav_header(1, 0);
  write("zh/good.wav", {header.begin(), header.end()});
  write("zh/bad.wav", {'x'});
  PromptStore store;
  const auto errors = store.load(dir.string());
  LONGS_EQUAL(1, errors.size());
  STRCMP_CONTAINS("zh/bad.wav", errors[0].where.c_str());
  CHECK_TRUE(store.find("zh/good").has_value());
}

TEST(PromptStore, a_missing_directory_is_an_error) {
  LONGS_EQUAL(1, PromptStore().load((dir / "no").string()).size());
}

TEST(PromptStore, the_built_in_melody_is_whole_blocks_of_pleasant_level) {
  const auto music = built_in_melody();
  LONGS_EQUAL(0, music.size() % kBlockSamples);
  CHECK_TRUE(music.size() > 5 * 8000);
  std::uint64_t power = 0;
  for (const auto b : music) power += kAlawPower[b];
  power /= music.size();
  CHECK_TRUE(power > power_of(-30) && power < power_of(-10));
}

// Every text must be speakable: with the wrong voice pinyin would be read as English.
TEST(PromptStore, every_chinese_prompt_is_pinyin_that_the_voice_reads) {
  std::ifstream file("ivr-scripts/prompts/zh.txt");
  CHECK_TRUE_TEXT(file.is_open(), "run the tests from the repository root");
  const fs::path pinyin = dir / "pinyin";
  std::ofstream out(pinyin);
  std::string line;
  int prompts = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#' || line.find("\t!") != std::string::npos) continue;
    const auto tab = line.rfind('\t');
    CHECK_TRUE_TEXT(tab != line.find('\t'), line.c_str());
    for (const char c : line.substr(tab + 1)) CHECK_TRUE_TEXT(static_cast<unsigned char>(c) < 128, line.c_str());
    out << line.substr(tab + 1) << "\n";
    ++prompts;
  }
  out.close();
  CHECK_TRUE(prompts >= 80);
  const std::string phonemes = (dir / "phonemes").string();
  LONGS_EQUAL(0, std::system(("espeak-ng -v cmn-latn-pinyin -q -x -f " + pinyin.string() + " > " + phonemes).c_str()));
  std::ifstream heard(phonemes);
  int lines = 0;
  while (std::getline(heard, line)) {
    ++lines;
    CHECK_TRUE_TEXT(line.find("(en)") == std::string::npos, line.c_str());
  }
  CHECK_TRUE(lines > 0);
}
