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

.PHONY: help build daemon tongbu-verify-static kmod module kunit kunit-module run test bench lint fmt docs vm clean install uninstall deps

help:		## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 22
	@echo
	@echo "V=1 shows all that a step says, KVER=version builds for another kernel;"
	@echo "KERNEL=stock|rt|debug boots another one;"
	@echo "make vm SCRIPT=path runs a script in the guest, without it you get a shell."

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

run: DEPS = test
run: build	## the whole path on real input: record, crash, verify, tamper
	@tests/run/run.sh

test: DEPS = test
test: build	## everything; ends in "N passed, N failed"
	@tests/test.sh

bench: DEPS = test
bench: build	## cost of an event and of a submission, beside named peers
	@tests/bench/bench.sh

lint: DEPS = lint
lint: deps	## warnings of every tool, as errors
	@tests/lint.sh

docs: | deps	## pages that are made from tables
	$(call PROGRAMS,"tongbu-devices-page",tongbu-devices-page)
	@$(B)/bin/tongbu-devices-page >docs/man/tongbu-devices.5

fmt: DEPS = lint
fmt: deps	## lay out daemon/ and tests/ as .clang-format says
	@git ls-files 'daemon/*.[ch]' 'tests/*.[ch]' ':!tests/kunit' | xargs clang-format -i

vm: DEPS = test
vm: build	## a guest with the station running: SCRIPT=path or a shell
	@tests/vm/run --kernel $(KERNEL) $(if $(SCRIPT),--script $(SCRIPT) $(ARGS))

clean:		## remove build/
	rm -rf $(B)

SHARE	= $(DESTDIR)$(PREFIX)
SRCDIR	= $(DESTDIR)/usr/src/tongbu-$(VERSION)

install: build	## programs, module source for DKMS, unit, man pages, completion
	install -D -m 755 -t $(SHARE)/bin $(B)/bin/tongbuctl $(B)/bin/tongbu-verify
	install -D -m 755 -t $(SHARE)/sbin $(B)/bin/tongbud
	install -D -m 644 -t $(SRCDIR)/kmod $(wildcard kmod/*.c kmod/*.h) kmod/Kbuild
	install -D -m 644 -t $(SRCDIR)/uapi/linux $(wildcard uapi/linux/*.h)
	sed 's/@VERSION@/$(VERSION)/' packaging/dkms.conf.in >$(SRCDIR)/dkms.conf
	install -D -m 644 -t $(SHARE)/include/linux $(wildcard uapi/linux/*.h)
	for pack in daemon/packs/*/; do \
		install -D -m 644 -t $(SHARE)/share/tongbu/packs/$$(basename $$pack) $$pack*.lua; \
		test ! -d $$pack/data || install -D -m 644 \
			-t $(SHARE)/share/tongbu/packs/$$(basename $$pack)/data $$pack/data/*; \
	done
	install -D -m 644 packaging/tongbud.service -t $(DESTDIR)$(UNITDIR)
	sed -i 's,/usr/sbin/tongbud,$(PREFIX)/sbin/tongbud,' $(DESTDIR)$(UNITDIR)/tongbud.service
	install -D -m 644 packaging/tongbu.sysusers $(DESTDIR)/usr/lib/sysusers.d/tongbu.conf
	install -D -m 644 packaging/tongbu.modprobe $(DESTDIR)/usr/lib/modprobe.d/tongbu.conf
	test -e $(DESTDIR)$(SYSCONFDIR)/tongbu/tongbu.conf || \
		install -D -m 644 -t $(DESTDIR)$(SYSCONFDIR)/tongbu packaging/tongbu.conf
	install -D -m 644 -t $(SHARE)/share/man/man1 $(wildcard docs/man/*.1)
	install -D -m 644 -t $(SHARE)/share/man/man5 $(wildcard docs/man/*.5)
	install -D -m 644 -t $(SHARE)/share/man/man8 $(wildcard docs/man/*.8)
	for program in tongbuctl tongbu-verify; do \
		install -D -m 644 packaging/$$program.bash-completion \
			$(SHARE)/share/bash-completion/completions/$$program; \
	done

uninstall:	## what install put there; configuration and ledger stay
	rm -f $(SHARE)/bin/tongbuctl $(SHARE)/bin/tongbu-verify $(SHARE)/sbin/tongbud $(SHARE)/include/linux/tongbu*.h
	rm -rf $(SRCDIR) $(SHARE)/share/tongbu
	rm -f $(DESTDIR)$(UNITDIR)/tongbud.service $(DESTDIR)/usr/lib/sysusers.d/tongbu.conf
	rm -f $(DESTDIR)/usr/lib/modprobe.d/tongbu.conf
	rm -f $(patsubst docs/man/%,$(SHARE)/share/man/man1/%,$(wildcard docs/man/*.1))
	rm -f $(patsubst docs/man/%,$(SHARE)/share/man/man5/%,$(wildcard docs/man/*.5))
	rm -f $(patsubst docs/man/%,$(SHARE)/share/man/man8/%,$(wildcard docs/man/*.8))
	rm -f $(addprefix $(SHARE)/share/bash-completion/completions/,tongbuctl tongbu-verify)
