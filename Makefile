# Switchroom. `make run` and `make check` are all a newcomer needs; `make help` lists the rest.
# Non-recursive: every folder with sources is one static library, every program links the libraries it names.
# SPDX-License-Identifier: GPL-2.0-or-later
MAKEFLAGS += --no-builtin-rules
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

VARIANT  ?=
B        := build$(if $(VARIANT),/$(VARIANT))
CXX      := g++
STD      := -std=c++23
# g++ 12 sees uninitialised members in every moved std::variant, and a sum of std::strings beyond its bounds: these say nothing here.
WARN     := -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wno-maybe-uninitialized -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Werror
OPT      := -O2 -g1
DEFS     := -DSPDLOG_COMPILED_LIB -DSPDLOG_FMT_EXTERNAL -DTOML_HEADER_ONLY=0 -DTOML_SHARED_LIB=1
INC      := -I. -isystem /usr/include/lua5.4
ifeq ($(VARIANT),asan)
OPT      := -O1 -g1 -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined
endif
ifeq ($(VARIANT),tsan)
OPT      := -O1 -g1 -fsanitize=thread
endif
CXXFLAGS := $(STD) $(OPT) $(WARN) $(DEFS) $(INC) -pthread
LDFLAGS  := $(OPT) -pthread

# ---- libraries: folder -> build/lib/lib<name>.a -----------------------------------------------------------------------
LIB_DIRS := drivers/base drivers/board drivers/span drivers/dahdi drivers/sig drivers/media drivers/profile drivers/daemon \
            cti-core/model cti-core/acd cti-core/ivr cti-core/loss cti-core/store cti-core/cti cti-core/app \
            tools/boardctl tools/ctictl tools/callgen tools/show tests/support
NOT_LIB  := %/main.cc drivers/base/clock_override.cc
lib_of    = $(B)/lib/$(subst /,_,$(1)).a
objs_of   = $(patsubst %.cc,$(B)/obj/%.o,$(filter-out $(NOT_LIB),$(wildcard $(1)/*.cc)))

DRIVERS  := drivers/daemon drivers/profile drivers/board drivers/sig drivers/media drivers/dahdi drivers/span drivers/base
CTICORE  := cti-core/app cti-core/cti cti-core/ivr cti-core/acd cti-core/loss cti-core/store cti-core/model
CLIENTS  := drivers/board drivers/base
libs      = $(foreach d,$(1),$(if $(wildcard $(d)/*.cc),$(call lib_of,$(d))))

L_BASE   := -lboost_json -lspdlog -lfmt
L_DRV    := -lpri -lspandsp -ltonezone -ltomlplusplus $(L_BASE)
L_CTI    := -llua5.4-c++ -lsqlite3 -ltomlplusplus $(L_BASE)
L_ALL    := -lpri -lspandsp -ltonezone -llua5.4-c++ -lsqlite3 -ltomlplusplus $(L_BASE)

# ---- programs: main.cc + the folders it is made of + system libraries -----------------------------------------------
PROGRAMS := boardd ctid callgen boardctl ctictl show
main_boardd   := drivers/daemon
dirs_boardd   := $(DRIVERS)
sys_boardd    := $(L_DRV)
own_boardd    := drivers/base/clock_override.cc
main_ctid     := cti-core/app
dirs_ctid     := $(CTICORE) $(CLIENTS)
sys_ctid      := $(L_CTI)
main_callgen  := tools/callgen
dirs_callgen  := tools/callgen $(DRIVERS)
sys_callgen   := -llua5.4-c++ $(L_DRV)
own_callgen   := drivers/base/clock_override.cc
main_boardctl := tools/boardctl
dirs_boardctl := tools/boardctl drivers/profile $(CLIENTS)
sys_boardctl  := -ltomlplusplus $(L_BASE)
main_ctictl   := tools/ctictl
dirs_ctictl   := tools/ctictl $(CTICORE) $(CLIENTS)
sys_ctictl    := $(L_CTI)
main_show     := tools/show
dirs_show     := tools/show $(CTICORE) $(CLIENTS)
sys_show      := $(L_CTI)

# ---- tests: one CppUTest program per folder below tests/ ------------------------------------------------------------
TEST_DIRS := $(filter-out tests/support tests/e2e tests/fuzz tests/bench tests/bench/programs,$(sort $(patsubst %/,%,$(dir $(wildcard tests/*/*.cc tests/*/*/*.cc)))))
test_of    = $(B)/test/$(subst /,_,$(patsubst tests/%,%,$(1)))
TESTS     := $(foreach d,$(TEST_DIRS),$(call test_of,$(d)))
ALL_DIRS  := tests/support tools/callgen $(CTICORE) $(DRIVERS)

.PHONY: all tests run check model-check asan tsan tidy fuzz bench deps deps-check deps-vm vm vm-check vm-bench prompts clean help
all: $(PROGRAMS:%=$(B)/bin/%) prompts
tests: $(TESTS)

# The options are read once: half the compile time of CLI11 is the optimiser's.
$(B)/obj/drivers/base/options.o: OPT := $(OPT) -O0

# What nearly every file includes is compiled once. It only saves time: each file names what it uses, and `make tidy` does without.
PRECOMPILED := algorithm array charconv chrono cstdint cstring deque expected functional map memory optional set span string string_view \
               unordered_map unordered_set utility variant vector boost/describe.hpp fmt/format.h
PCH := $(B)/pch/common.h
$(PCH): Makefile
	@mkdir -p $(@D)
	@printf '#include <%s>\n' $(PRECOMPILED) > $@.$$$$; if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi
$(PCH).gch: $(PCH)
	@echo "CXX $<"
	@$(CXX) $(CXXFLAGS) -x c++-header $< -o $@.$$$$ && mv $@.$$$$ $@

COMMON := $(if $(VARIANT),,-include $(PCH))
$(B)/obj/tests/%.o: COMMON :=

$(B)/obj/%.o: %.cc | $(if $(VARIANT),,$(PCH).gch)
	@mkdir -p $(@D)
	@echo "CXX $<"
	@$(CXX) $(CXXFLAGS) $(COMMON) -MMD -MP -c $< -o $@

define library
$(call lib_of,$(1)): $(call objs_of,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@ && ar rcs $$@ $$^
endef
$(foreach d,$(LIB_DIRS),$(if $(wildcard $(d)/*.cc),$(eval $(call library,$(d)))))

define program
$(B)/bin/$(1): $(patsubst %.cc,$(B)/obj/%.o,$(main_$(1))/main.cc $(own_$(1))) $(call libs,$(dirs_$(1)))
	@mkdir -p $$(@D)
	@echo "LD  $$@"
	@$(CXX) $(LDFLAGS) $(filter %.o,$(patsubst %.cc,$(B)/obj/%.o,$(main_$(1))/main.cc $(own_$(1)))) -Wl,--start-group $(call libs,$(dirs_$(1))) -Wl,--end-group $(sys_$(1)) -o $$@
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

# A test folder tests/X/Y links the libraries of X/Y's own layer; tests/world and whatever needs more link everything.
test_libs_drivers_base   := drivers/base
test_libs_drivers_board  := $(CLIENTS)
test_libs_drivers_media  := drivers/media drivers/base
test_libs_drivers_span   := drivers/span drivers/base
test_libs_drivers_dahdi  := drivers/dahdi drivers/media drivers/span drivers/base
test_libs_drivers_sig    := drivers/sig drivers/span drivers/base
test_libs_drivers_profile := drivers/profile drivers/base
test_libs_drivers_daemon := $(DRIVERS)
test_libs_cti-core_model := cti-core/model $(CLIENTS)
test_libs_cti-core_store := cti-core/store cti-core/loss cti-core/model $(CLIENTS)
test_libs_cti-core_ivr   := cti-core/ivr cti-core/model $(CLIENTS)
test_libs_cti-core_acd   := cti-core/acd cti-core/model $(CLIENTS)
test_libs_cti-core_cti   := cti-core/cti cti-core/store cti-core/model $(CLIENTS)
test_libs_tools_callgen  := tools/callgen drivers/base
test_libs_tools_show     := tools/show cti-core/acd cti-core/store cti-core/loss cti-core/model $(CLIENTS)
test_libs_cti-core_app   := $(CTICORE) $(CLIENTS)
test_libs_tools_boardctl := tools/boardctl drivers/profile $(CLIENTS)
test_libs_tools_ctictl   := tools/ctictl $(CTICORE) $(CLIENTS)
test_also_model := tests/cti-core/app/desk.cc
test_libs_model := $(CTICORE) $(CLIENTS)
test_libs_for = $(or $(test_libs_$(subst /,_,$(patsubst tests/%,%,$(1)))),$(ALL_DIRS))
define test_program
$(call test_of,$(1)): $(patsubst %.cc,$(B)/obj/%.o,$(wildcard $(1)/*.cc) $(test_also_$(subst /,_,$(patsubst tests/%,%,$(1)))) tests/main.cc drivers/base/clock_override.cc) $(call libs,$(call test_libs_for,$(1)))
	@mkdir -p $$(@D)
	@echo "LD  $$@"
	@$(CXX) $(LDFLAGS) $$(filter %.o,$$^) -Wl,--start-group $(call libs,$(call test_libs_for,$(1))) -Wl,--end-group $(L_ALL) -lCppUTest -o $$@
endef
$(foreach d,$(TEST_DIRS),$(eval $(call test_program,$(d))))

# ---- what the bench runs besides the product: tests/bench/programs/x.cc -> build/bench/bin/x ---------------------------
BENCH_PROGRAMS := $(patsubst tests/bench/programs/%.cc,$(B)/bench/bin/%,$(wildcard tests/bench/programs/*.cc))
$(BENCH_PROGRAMS): $(B)/bench/bin/%: $(B)/obj/tests/bench/programs/%.o $(call libs,$(CTICORE) $(CLIENTS))
	@mkdir -p $(@D)
	@echo "LD  $@"
	@$(CXX) $(LDFLAGS) $< -Wl,--start-group $(call libs,$(CTICORE) $(CLIENTS)) -Wl,--end-group $(L_CTI) -o $@

-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

# ---- prompts: text -> speech at build time (media.mk knows how) -----------------------------------------------------
-include ivr-scripts/prompts.mk
include tests/vm/vm.mk

# ---- what a person types --------------------------------------------------------------------------------------------
J := $(shell nproc)
SHOW_PROGRAMS := boardd ctid callgen show  # what `make run` needs; `make` builds the rest
deps: ; @tools/deps run
deps-check: ; @tools/deps check
deps-vm: ; @tools/deps vm

run: deps
	@$(MAKE) -s --no-print-directory -j$(J) $(SHOW_PROGRAMS:%=$(B)/bin/%) prompts
	@build/bin/show --seconds $(or $(SHOW),90) $(if $(SEED),--seed $(SEED)) $(if $(CALLS),--calls $(CALLS)) $(if $(AGENTS),--agents $(AGENTS))

check: deps-check
	@$(MAKE) --no-print-directory -j$(J) all tests
	@tests/run

model-check: deps-check
	@$(MAKE) --no-print-directory -j$(J) build/test/model
	@tests/model/deep

asan tsan: deps-check
	@$(MAKE) --no-print-directory -j$(J) VARIANT=$@ all tests
	@VARIANT=$@ tests/run

vm-check: deps-vm
	@$(MAKE) --no-print-directory -j$(J) vm-image
	@tests/vm/run
vm-bench: deps-vm
	@$(MAKE) --no-print-directory -j$(J) vm-image
	@tests/vm/run $(patsubst tests/vm/bench/%.sh,%,$(wildcard tests/vm/bench/*.sh))
vm: deps-vm
	@$(MAKE) --no-print-directory -j$(J) vm-image
	@tests/vm/run --shell

tidy: deps-check ; @tools/tidy/run
fuzz: deps-check ; @tests/fuzz/run
bench: deps
	@$(MAKE) --no-print-directory -j$(J) all $(BENCH_PROGRAMS)
	@tests/bench/run

clean: ; rm -rf build var
help:
	@echo "make run     install what is missing, build, run a show (SHOW=seconds SEED=n CALLS=n AGENTS=n)"
	@echo "make check   install what is missing, build, run all tests"
	@echo "make model-check  every sequence of eight events of a small center (make check: of six)"
	@echo "make vm-check  the same programs on DAHDI lines of a real kernel, in a VM in virtual time; make vm: a shell there"
	@echo "make vm-bench  what boardd costs there, with calls joined in the kernel, in user space and recorded"
	@echo "make         build everything; programs are in build/bin"
	@echo "make asan | tsan | tidy | fuzz | bench | clean"
