# The test VM, step by step under build/vm: each step is done again only when what it is made from has changed.
# SPDX-License-Identifier: GPL-2.0-or-later
VM       := build/vm
VM_GUEST := $(wildcard tests/vm/guest/*)
VM_FAR   := $(patsubst tests/vm/far/%.c,$(VM)/far/%,$(filter-out tests/vm/far/common_%,$(wildcard tests/vm/far/*.c)))
VM_FILES := $(shell find hw-profiles ivr-scripts tools/callgen/scenarios -type f)

.PHONY: vm-image
$(VM)/kernel: tests/vm/packages
	@mkdir -p $(VM)
	@tests/vm/packages $(VM)
$(VM)/vmlinux: $(VM)/kernel tests/vm/vmlinux
	@tests/vm/vmlinux $(VM)/pkg/boot/vmlinuz-$$(cat $(VM)/kernel) $@
$(VM)/mod/.stamp: $(VM)/kernel tests/vm/modules
	@tests/vm/modules $(VM)
	@touch $@
$(VM)/far/%: tests/vm/far/%.c $(wildcard tests/vm/far/common_*) $(VM)/mod/.stamp
	@mkdir -p $(@D)
	@echo "CC  $<"
	@gcc -std=gnu17 -O2 -g1 -Wall -Wextra -Werror -I. -I$(VM)/dahdi/include $< $(wildcard tests/vm/far/common_*.c) -lpri -lspandsp -lm -o $@
$(VM)/base.cpio: $(VM)/mod/.stamp $(VM_GUEST) $(VM_FAR) tests/vm/pack
	@tests/vm/pack base $(VM)
$(VM)/product.cpio: $(PROGRAMS:%=build/bin/%) build/prompts/.stamp $(VM_FILES) tests/vm/pack $(VM)/kernel
	@tests/vm/pack product $(VM)
vm-image: $(VM)/vmlinux $(VM)/base.cpio $(VM)/product.cpio
