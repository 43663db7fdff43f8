# SPDX-License-Identifier: GPL-2.0-only
# Tongbu: one module, one daemon, one command. `make help` lists the targets.

VERSION	:= 0.1.0
# The kernel the module is built for. Empty: the newest stock one with headers here,
# which is asked for when it is used, since headers may have to be installed first.
KVER	?=
KERNEL	?= stock
DESTDIR	?=
PREFIX	?= /usr
SYSCONFDIR ?= /etc
UNITDIR	?= /usr/lib/systemd/system

# V=1 shows what every step says
V	?= 0
export V

B	:= build
# One line a step, with how long it took
STEP	:= @packaging/step.sh
# This file once more, for a kernel that is known by then
FOR_KERNEL = $(MAKE) --no-print-directory DEPS=$(DEPS) KVER

# Where that kernel's modules are, and what builds more for it
MODULES	= $(shell tests/vm/kver.sh --modules $(KVER))
KBUILD_DIR = $(B)/kmod/$(KVER)
KMOD_SRC := $(wildcard kmod/*.c kmod/*.h kmod/Kbuild) $(wildcard uapi/linux/*.h)

.PHONY: help build daemon tongbu-verify-static kmod module kunit kunit-module run demo run-hub test test-kernels test-long bench lint fmt docs vm clean install uninstall deb deps

help:		## this list
	@echo "Tongbu: make TARGET [VARIABLE=value]"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 24
	@echo
	@echo "  V=1                   show all that each step says, not a line of it"
	@echo "  KVER=version          build the module for another kernel with headers here"
	@echo "  KERNEL=name           kernel of the guest: stock, rt, 6.1, 6.12, 7.3 (each also -rt), debug"
	@echo "  SCRIPT=path           what make vm runs in the guest; without it you get a shell"
	@echo "  SUITES=\"unit cli\"     what make test runs; CHECKS, BENCH: the same for lint, bench"
	@echo "  RELEASE=12|13         the Debian that make deb is for, if not this machine's own"
	@echo "  DESTDIR, PREFIX, SYSCONFDIR, UNITDIR: where make install puts things"
	@echo
	@echo "README.md says how to begin, CONTRIBUTING.md how to go on."

build: deps daemon kmod	## the programs in build/bin, tongbu.ko in build/kmod

deps:
	@packaging/deps.sh $(or $(DEPS),build)

# NAME TARGET of what cmake builds
PROGRAMS = $(STEP) $(1) sh -ec 'cmake -S daemon -B $(B)/daemon -DCMAKE_BUILD_TYPE=RelWithDebInfo \
		-DCMAKE_RUNTIME_OUTPUT_DIRECTORY=$(CURDIR)/$(B)/bin; \
		cmake --build $(B)/daemon -j $$(nproc) --target $(2)'

daemon: | deps
	$(call PROGRAMS,"programs",all)

tongbu-verify-static: | deps	## tongbu-verify in one file that needs no other, in build/bin
	$(call PROGRAMS,"tongbu-verify-static",tongbu-verify-static)

# KERNEL=7.3, say: for that one, in a root of the release that has it
ifeq ($(origin KERNEL),command line)
kmod:
	$(STEP) "tongbu.ko for $(KERNEL)" tests/vm/build --kernel $(KERNEL)
else
kmod: | deps
	@$(FOR_KERNEL)=$(or $(KVER),$$(tests/vm/kver.sh --host)) module
endif

module: $(KBUILD_DIR)/tongbu.ko
	@cp -f $< $(B)/kmod/tongbu.ko

# What builds modules for the kernel that was asked for
HAS_HEADERS = @test -n "$(KVER)" && test -d "$(MODULES)/build" || \
	{ echo "no headers for kernel '$(KVER)': install linux-headers-$(or $(KVER),amd64), or run" >&2; \
	echo "tests/vm/build-debug-kernel for the debug kernel" >&2; exit 1; }

# Objects go beside the sources the kernel's build is given: give it a copy.
$(KBUILD_DIR)/tongbu.ko: $(KMOD_SRC) | deps
	$(HAS_HEADERS)
	@mkdir -p $(KBUILD_DIR)/src/kmod $(KBUILD_DIR)/src/uapi/linux
	@cp -pu kmod/* $(KBUILD_DIR)/src/kmod/ && cp -pu uapi/linux/* $(KBUILD_DIR)/src/uapi/linux/
	$(STEP) "tongbu.ko for $(KVER)" \
		$(MAKE) -j $$(nproc) -C $(MODULES)/build M=$(CURDIR)/$(KBUILD_DIR)/src/kmod W=1 modules
	@cp -f $(KBUILD_DIR)/src/kmod/tongbu.ko $@

# The module's own files and the KUnit suites, for the debug kernel alone
kunit:
	@tests/vm/build-debug-kernel
	@$(FOR_KERNEL)=$$(tests/vm/kver.sh debug) kunit-module

KUNIT_SRC := $(wildcard tests/kunit/*.[ch] tests/kunit/Kbuild)
kunit-module: $(KBUILD_DIR)/tongbu_kunit.ko
$(KBUILD_DIR)/tongbu_kunit.ko: $(KMOD_SRC) $(KUNIT_SRC) | deps
	$(HAS_HEADERS)
	@mkdir -p $(KBUILD_DIR)/kunit/kmod $(KBUILD_DIR)/kunit/uapi/linux $(KBUILD_DIR)/kunit/tests/kunit
	@cp -pu kmod/* $(KBUILD_DIR)/kunit/kmod/ && cp -pu uapi/linux/* $(KBUILD_DIR)/kunit/uapi/linux/
	@cp -pu $(KUNIT_SRC) $(KBUILD_DIR)/kunit/tests/kunit/
	$(STEP) "KUnit suites for $(KVER)" \
		$(MAKE) -j $$(nproc) -C $(MODULES)/build M=$(CURDIR)/$(KBUILD_DIR)/kunit/tests/kunit W=1 modules
	@cp -f $(KBUILD_DIR)/kunit/tests/kunit/tongbu_kunit.ko $@

run: DEPS = run
run: daemon	## the whole path on real input: record, crash, verify, tamper
	@tests/run/run.sh

demo: DEPS = run
demo: deps	## a station with a day's records behind it, and a shell there
	@tests/vm/run --no-module --out $(B)/demo --first tests/run/demo.sh

run-hub: DEPS = test
run-hub: daemon	## a hub, NATS, PostgreSQL and three stations on loopback, until Ctrl-C
	@tests/run/hub.sh

test: DEPS = test
test: build	## everything; ends in "N passed, N failed"
	@tests/test.sh

test-kernels: DEPS = test
test-kernels: build	## every kernel's guest in full; writes the table in docs/kernels.md
	@FULL=yes tests/test.sh

test-long: DEPS = test
test-long: build	## that, and what takes hours: all of it on every kernel
	@LONG=yes tests/test.sh

bench: DEPS = test
bench: build	## cost of an event and of a submission, beside named peers
	@tests/bench/bench.sh

lint: DEPS = lint
lint: deps	## warnings of every tool, as errors
	@tests/lint.sh

docs: DEPS = lint
docs: daemon	## pages that are made from tables
	$(call PROGRAMS,"tongbu-devices-page",tongbu-devices-page)
	@$(B)/bin/tongbu-devices-page >docs/man/tongbu-devices.5
	@uapi/make-kinds.py >$(B)/page && cp $(B)/page docs/record-kinds.md
	@for page in docs/man/tongbuctl*.1; do \
		docs/man/synopsis.sh $(B)/bin/tongbuctl <$$page >$(B)/page && cp $(B)/page $$page; done

fmt: DEPS = lint
fmt: deps	## lay out daemon/ and tests/ as .clang-format says
	@git ls-files 'daemon/*.[ch]' 'tests/*.[ch]' ':!tests/kunit' | xargs clang-format -i

vm: DEPS = run
vm: deps	## a guest with the station running: SCRIPT=path or a shell
	@tests/vm/run --kernel $(KERNEL) $(if $(SCRIPT),--script $(SCRIPT) $(ARGS))

clean:		## remove build/
	rm -rf $(B)

export DESTDIR PREFIX SYSCONFDIR UNITDIR

install: build	## what packaging/files lists: programs, unit, man pages, module source for DKMS
	$(STEP) "installing" packaging/install.sh install

uninstall:	## what install put there; configuration and ledger stay
	$(STEP) "uninstalling" packaging/install.sh uninstall

# In a root of that release; without one on this machine
deb:		## Debian packages, into build/deb
ifdef RELEASE
	$(STEP) "packages for Debian $(RELEASE)" tests/vm/in-root $(RELEASE) packaging/deb.sh build/deb
	@rm -rf $(B)/deb/$(RELEASE) && mkdir -p $(B)/deb && cp -r $(B)/guest/$(RELEASE)/deb $(B)/deb/$(RELEASE)
else
	@packaging/deps.sh deb
	$(STEP) "packages for this Debian" packaging/deb.sh $(B)/deb/$$(. /etc/os-release; echo $$VERSION_ID)
endif
