# yice: one book of customers. `make help` lists the targets.
VERSION = 0.1.0
BUILD ?= build
CC ?= cc
CFLAGS ?= -O2 -g
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
# Against what is read: position independent, nothing writable that is called, checked buffers,
# guarded stacks. The sanitizers bring guards of their own.
ifeq ($(findstring sanitize,$(CFLAGS)),)
HARDEN ?= -fPIE -fstack-protector-strong -fstack-clash-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 \
	$(if $(filter x86_64,$(shell uname -m)),-fcf-protection)
HARDEN_LINK ?= -pie -Wl,-z,relro,-z,now
endif
LIBRARIES = icu-uc icu-i18n libpcre2-8 zlib sqlite3 libpq libcrypto libxxhash xlsxwriter libzip expat libdeflate
# Inflates three times as fast as zlib, where it is there.
ISAL := $(shell pkg-config --exists libisal 2>/dev/null && echo libisal)
LIBRARIES += $(ISAL)
# Hidden: a function of ours that bears a library's name must not take its place (libkrb5 has a
# profile_release too).
ALL_CFLAGS := -std=gnu11 $(CFLAGS) -fvisibility=hidden $(HARDEN) $(WARN) -Iinclude -Ipipeline -pthread \
	-DYICE_VERSION=\"$(VERSION)\" $(if $(ISAL),-DYICE_ISAL) $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
LDLIBS := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lcsv -lm -pthread

# What Debian must have installed; `make run` and `make test` see to it.
BUILD_PACKAGES = gcc libc6-dev make pkg-config libicu-dev libpcre2-dev zlib1g-dev libsqlite3-dev \
	libpq-dev libssl-dev libxxhash-dev libxlsxwriter-dev libzip-dev libexpat1-dev libcsv-dev \
	libdeflate-dev libisal-dev
TEST_PACKAGES = $(BUILD_PACKAGES) libcriterion-dev clang libclang-rt-dev sqlite3 postgresql \
	postgresql-client python3 python3-openpyxl chromium libreoffice-calc faketime
BENCH_PACKAGES = $(TEST_PACKAGES) python3-venv linux-perf mawk
LINT_PACKAGES = $(TEST_PACKAGES) clang-format clang-tidy cppcheck

SOURCES := $(wildcard pipeline/*.c pipeline/*/*.c)
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
ARCHIVE := $(BUILD)/libyice.a
UNIT_SOURCES := $(wildcard tests/*/*_test.c)
UNITS := $(UNIT_SOURCES:%.c=$(BUILD)/%)
GENERATOR_SOURCES := $(wildcard fixtures/generate/*.c)
GENERATOR_PARTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/main.c,$(GENERATOR_SOURCES)))

all: $(BUILD)/yice ## builds build/yice

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16

run: ## installs what is missing, builds, runs the whole chain on the fixture night
	@$(MAKE) --no-print-directory packages PACKAGES="$(BUILD_PACKAGES)"
	@$(MAKE) --no-print-directory -j2 all
	@BUILD=$(BUILD) tests/night

test: ## installs what is missing, builds, runs all tests
	@$(MAKE) --no-print-directory packages PACKAGES="$(TEST_PACKAGES)"
	@tests/all

packages: ## installs those of PACKAGES that Debian has and this machine lacks
	@missing=; for p in $(PACKAGES); do \
		dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
		echo "installing:$$missing"; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -q && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; \
	fi

PREFIX ?= /usr/local
install: $(BUILD)/yice ## installs the program, the rules and the schemas below PREFIX
	install -D -m 755 $(BUILD)/yice $(DESTDIR)$(PREFIX)/bin/yice
	mkdir -p $(DESTDIR)$(PREFIX)/share/yice
	cp -R rules schemas $(DESTDIR)$(PREFIX)/share/yice/

$(BUILD)/yice: $(BUILD)/pipeline/main.o $(ARCHIVE)
	@echo "  $(notdir $(CC))  $@"
	@$(CC) $(ALL_CFLAGS) $(HARDEN_LINK) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# An invented night of exports with the truth beside it: fixtures/README.md.
$(BUILD)/generate: $(GENERATOR_SOURCES:%.c=$(BUILD)/%.o) $(ARCHIVE)
	@echo "  $(notdir $(CC))  $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(ARCHIVE): $(filter-out $(BUILD)/pipeline/main.o,$(OBJECTS))
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "  $(notdir $(CC))  $@"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# tests/check/mobile_test.c -> build/tests/check/mobile_test
$(BUILD)/tests/%: tests/%.c $(ARCHIVE)
	@mkdir -p $(@D)
	@echo "  $(notdir $(CC))  $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(ARCHIVE) $(LDLIBS) -lcriterion

FIXTURES = fixtures
fixtures: $(BUILD)/generate ## makes fixtures/exports and fixtures/truth anew
	rm -rf $(BUILD)/night $(FIXTURES)/exports $(FIXTURES)/truth
	$(BUILD)/generate --people 340 --dealers 6 --days 3 --seed 352 --date 2026-03-03 --faults 3 \
		--out $(BUILD)/night
	mkdir -p $(FIXTURES)
	mv $(BUILD)/night/inbox $(FIXTURES)/exports
	mv $(BUILD)/night/truth $(FIXTURES)/truth

laws: $(BUILD)/yice $(BUILD)/generate $(BUILD)/tests/truth/compare ## what holds of any generated night
	@failed=0; for law in tests/laws/*_*.sh; do \
		if BUILD=$(BUILD) $$law; then echo "holds: $$(basename $$law .sh)"; \
		else echo "broken: $$(basename $$law .sh)"; failed=1; fi; done; exit $$failed

# Holds an output to the truth of the generator: tests/truth/compare.c says how.
$(BUILD)/tests/truth/compare: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/truth/*.c)) $(ARCHIVE)
	@echo "  $(notdir $(CC))  $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Makes the n-th call of a kind fail: preloaded by tests/trust/faults.
$(BUILD)/tests/trust/inject.so: tests/trust/inject.c
	@mkdir -p $(@D)
	@echo "  $(notdir $(CC))  $@"
	@$(CC) -std=gnu11 -O1 -g -Wall -Wextra -Werror -fPIC -shared $(shell pkg-config --cflags libpq) -o $@ $< -ldl -pthread

# The generator's tests link the generator, all but its main.
$(BUILD)/tests/generate/%: tests/generate/%.c $(GENERATOR_PARTS) $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcriterion

unit: $(UNITS) ## the Criterion tests of every room
	@failed=0; for t in $(UNITS); do $$t || failed=1; done; exit $$failed

cases: $(BUILD)/yice ## runs the cases of fixtures/, or CASE=stage[/claim]
	@YICE=$(abspath $(BUILD)/yice) tests/cases $(CASE)

bless: $(BUILD)/yice ## rewrites what CASE=stage/claim expects; OUT="master/customer.csv ..." adds files
	@YICE=$(abspath $(BUILD)/yice) tests/cases --bless $(CASE) $(OUT)

SANITIZE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
asan: ## unit tests, cases, the fixture night and one carried over under ASan and UBSan
	@$(MAKE) --no-print-directory -j2 BUILD=build-asan CFLAGS="$(SANITIZE)" all build-asan/generate unit cases
	@BUILD=build-asan tests/night >/dev/null
	@BUILD=build-asan tests/laws/a_night_that_came_before_is_carried_over.sh

FUZZ_RUNS ?= 5000000
fuzz: ## runs every fuzz target FUZZ_RUNS times; QUICK=1: without ASan, faster
	@tests/fuzz/run $(FUZZ_RUNS)

differential: ## holds the checks to independent implementations (fetches their packages)
	@tests/differential/run

clang: ## builds with clang, warnings being errors
	@$(MAKE) --no-print-directory -j2 BUILD=build-clang CC=clang all

coverage: ## lines and branches that unit tests, cases, the fixture night and the checks of whole rooms reach
	@$(MAKE) --no-print-directory -j2 BUILD=build-coverage CFLAGS="-O0 -g --coverage" HARDEN= covered

# A make of its own, whose variables reach what the checks build as well.
covered: all unit cases
	@BUILD=$(BUILD) tests/night >/dev/null
	@for room in forget store marts return; do BUILD=$(BUILD) tests/$$room/check >/dev/null || exit 1; done
	@BUILD=$(BUILD) tests/trust/coverage

lint: ## form and static analysis
	@$(MAKE) --no-print-directory packages PACKAGES="$(LINT_PACKAGES)"
	@tests/lint

bench: ## the program beside its peers on the same files (fetches their packages); ROWS=400000
	@$(MAKE) --no-print-directory packages PACKAGES="$(BENCH_PACKAGES)"
	@BUILD=$(BUILD) tests/bench/run

check-all: $(BUILD)/yice $(BUILD)/generate $(BUILD)/tests/trust/inject.so ## what takes longer: the pages of 400 dealers and of none, on screens and on paper
	@tests/report/screens
	@STRIDE=10 POSTGRES=1 tests/trust/faults
	@STRIDE=4 tests/forget/faults
	@KILLS=200 FULL=40 POSTGRES=1 tests/trust/disturbed

clean: ## removes what was built
	rm -rf build build-*

$(BUILD)/pipeline/lib/sql_scripts.o: $(wildcard schemas/sql/*.sql)
$(BUILD)/pipeline/report/page_files.o: $(wildcard pipeline/report/*.css pipeline/report/*.js pipeline/report/uplot/*)

.PHONY: all help run test packages install unit cases check-all bless fixtures laws asan fuzz differential \
	clang lint coverage covered bench clean
-include $(OBJECTS:.o=.d) $(GENERATOR_SOURCES:%.c=$(BUILD)/%.d) $(patsubst %.c,$(BUILD)/%.d,$(wildcard tests/truth/*.c))
