# yice: one book of customers. `make help` lists the targets.
BUILD ?= build
CC ?= cc
PACKAGES = icu-uc icu-i18n libpcre2-8 zlib sqlite3 libpq libcrypto libxxhash xlsxwriter libzip expat freexl
VERSION = 0.1.0
WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Werror
CFLAGS ?= -O2 -g
ALL_CFLAGS = -std=gnu11 $(CFLAGS) $(WARN) -Iinclude -Ipipeline -pthread -DYICE_VERSION=\"$(VERSION)\" $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LDLIBS = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null) -lcsv -lm -pthread

SOURCES = $(wildcard pipeline/*.c pipeline/*/*.c)
OBJECTS = $(SOURCES:%.c=$(BUILD)/%.o)
LIBRARY = $(filter-out $(BUILD)/pipeline/main.o,$(OBJECTS))
UNIT_SOURCES = $(wildcard tests/*/*_test.c)
UNITS = $(UNIT_SOURCES:%.c=$(BUILD)/%)

all: $(BUILD)/yice

$(BUILD)/yice: $(OBJECTS)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# A unit test links the whole library: tests/check/mobile_test.c -> build/tests/check/mobile_test
$(BUILD)/tests/%: tests/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS) -lcriterion

unit: $(UNITS)
	@for t in $(UNITS); do $$t || exit 1; done

clean:
	rm -rf $(BUILD)

.PHONY: all unit clean
-include $(OBJECTS:.o=.d)
