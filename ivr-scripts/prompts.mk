# Prompts: ivr-scripts/prompts/<lang>.txt -> build/prompts/<lang>/<name>.wav, 8 kHz A-law mono, all in one go (a few seconds).
# SPDX-License-Identifier: GPL-2.0-or-later
PROMPT_SOURCES := $(wildcard ivr-scripts/prompts/*.txt ivr-scripts/prompts/custom/*/*.wav) ivr-scripts/prompts.sh

prompts: build/prompts/.stamp
build/prompts/.stamp: $(PROMPT_SOURCES)
	@echo "PROMPTS"
	@ivr-scripts/prompts.sh ivr-scripts/prompts build/prompts
	@touch $@
