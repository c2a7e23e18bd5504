# SPDX-License-Identifier: Apache-2.0
# The tests, included by ../Makefile.
#
# Programs that run in the tests are built without extras, like a user's. The
# test programs use sanitizers if the compiler has them.

T := $(TARGET)/tests

# Evaluated once, and only if a test is built.
SANITIZE = $(eval SANITIZE := $$(shell echo 'int main(void) { return 0; }' | \
              $(CC) -fsanitize=address,undefined -x c -o /dev/null - \
              2>/dev/null && echo -fsanitize=address,undefined \
              -fno-sanitize-recover=all))$(SANITIZE)
TEST_CFLAGS = -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -Isrc -Wa,-Isrc -Itests -I$(MADE) -MMD -MP \
              -O1 -g $(SANITIZE)

UNIT_TESTS := policy_text_test environment_test filter_test \
              syscalls_test java_records_test bpf_test process_test systemd_unit_test \
              keeper_test
TEST_PROGRAMS := $(UNIT_TESTS:%=$(T)/%) $(T)/outcomes
TARGETS := $(addprefix $(T)/, hello show_env call trap thread_dies threads \
             threads_foreign state heap exec_env filter_flags other.so helper32 judged judged-static \
             outer_filter_test)

FILTER_SOURCES := src/library/filter.c src/library/program.c \
    src/library/rules.c src/library/syscalls.c src/library/policy_text.c \
    src/library/messages.c src/failure.c

# For a single test that needs no kernel feature, builds only its own parts.
CHECKED = $(or $(patsubst %,$(T)/%,$(filter $(TEST),$(UNIT_TESTS))), \
            all $(TEST_PROGRAMS) $(TARGETS) kill)

.PHONY: tests
tests: $(CHECKED)

check: tests
	sh tests/run_tests.sh $(T) $(TEST)

$(T):
	mkdir -p $@

$(T)/policy_text_test: tests/policy_text_test.c tests/policy_text_fuzz.c \
    tests/render.c src/library/policy_text.c
$(T)/outcomes: tests/outcomes.c tests/render.c $(FILTER_SOURCES)
$(T)/environment_test: tests/environment_test.c src/library/environment.c \
    src/library/messages.c src/failure.c
$(T)/syscalls_test: tests/syscalls_test.c src/library/syscalls.c
$(T)/bpf_test: $(T)/hello
$(T)/bpf_test: TEST_LIBS := -pthread
$(T)/bpf_test: tests/bpf_test.c $(wildcard src/bpf/*.c) src/failure.c
$(T)/process_test: tests/process_test.c src/process/child.c src/process/clone.c \
    src/process/descriptors.c src/process/image.c src/process/limits.c \
    src/process/proc.c src/process/program.c src/failure.c
$(T)/keeper_test: tests/keeper_test.c $(wildcard src/guests/[klrw]*.c) \
    src/inject/listener.c src/process/child.c src/process/clock.c \
    src/process/descriptors.c src/process/proc.c src/process/report.c \
    src/exec/unit.c src/failure.c
$(T)/systemd_unit_test: tests/systemd_unit_test.c src/exec/unit.c
$(T)/java_records_test: tests/java_records_test.c src/java/records.c
$(T)/filter_test: tests/filter_test.c $(FILTER_SOURCES)

$(TEST_PROGRAMS): $(wildcard src/*.h src/*/*.h src/*/*.inc tests/*.h) \
    $(CALL_NUMBERS) $(CALL_KERNELS) $(NEWER_VALUES) $(CALL_NAMES) | $(T)
	$(CC) $(TEST_CFLAGS) -MF $@.d -o $@ \
		$(filter %.c,$^) $(TEST_LIBS)

$(T)/%: tests/targets/%.c | $(T)
	$(CC) -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -O2 -o $@ $< -pthread

$(T)/libearly_thread.so: tests/targets/early_thread.c | $(T)
	$(CC) -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -O2 -shared -fPIC -o $@ $< \
		-pthread
$(T)/libforeign_filter.so: tests/targets/early_thread.c | $(T)
	$(CC) -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -DFOREIGN_FILTER -O2 \
		-shared -fPIC -o $@ $< -pthread
$(T)/threads: tests/targets/threads.c $(T)/libearly_thread.so
	$(CC) -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -O2 -o $@ $< -L$(T) \
		-learly_thread -Wl,-rpath,'$$ORIGIN'
$(T)/threads_foreign: tests/targets/threads.c $(T)/libforeign_filter.so
	$(CC) -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -O2 -o $@ $< -L$(T) \
		-lforeign_filter -Wl,-rpath,'$$ORIGIN'
$(T)/other.so: | $(T)
	echo 'int other_library = 1;' | $(CC) -shared -fPIC -x c -o $@ -

$(T)/judged $(T)/judged-static: tests/outer_filter.h tests/raw_call.h
$(T)/judged-static: tests/targets/judged.c | $(T)
	$(CC) -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -DSTATIC -O1 -static \
		-nostdlib -fno-pie -no-pie -fno-stack-protector -o $@ $<
$(T)/outer_filter_test: tests/outer_filter_test.c \
    $(filter-out src/command/main.c,$(LOADER_SOURCES)) \
    $(wildcard src/*.h src/*/*.h tests/*.h) | $(T)
	$(CC) -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -Isrc -Itests -O1 -g -static \
		-o $@ $(filter %.c,$^)

# What the kill test signals is built without sanitizers, because it must be
# quick.
KILL := $(T)/kill
KILL_PARTS := $(KILL)/target $(KILL)/target-bare $(KILL)/enter
KILL_CFLAGS = -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -Isrc -Itests/kill -O1 -g

# For PolicyTextFuzzIT.
outcomes: $(T)/outcomes

.PHONY: kill outcomes
kill: $(KILL_PARTS) all

$(KILL):
	mkdir -p $@

$(KILL_PARTS): $(wildcard src/*.h src/*/*.h tests/*.h tests/kill/*.h)

$(KILL)/target: tests/kill/target.c | $(KILL)
	$(CC) $(KILL_CFLAGS) -o $@ $<
$(KILL)/target-bare: tests/kill/target.c | $(KILL)
	$(CC) $(KILL_CFLAGS) -DBARE -static -nostdlib -fno-pie -no-pie \
		-fno-stack-protector -o $@ $<
$(KILL)/enter: tests/kill/enter.c \
    $(filter-out src/command/main.c,$(LOADER_SOURCES)) | $(KILL)
	$(CC) $(KILL_CFLAGS) -static -o $@ $(filter %.c,$^)

# Not every machine can build this; the live test then says so.
$(T)/helper32: tests/targets/helper32.c | $(T)
	$(CC) -m32 -static -O2 -o $@ $< || echo "no i386 programs" >$@

fuzz:
	$(if $(CLANG),,$(error make fuzz needs clang))
	mkdir -p $(TARGET)/fuzz/corpus
	$(CLANG) -std=gnu11 $(WARNINGS) -D_GNU_SOURCE -Isrc -O1 -g \
		-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o $(TARGET)/fuzz/policy_text_fuzz tests/policy_text_fuzz.c \
		tests/render.c src/library/policy_text.c
	$(TARGET)/fuzz/policy_text_fuzz -max_total_time=$(FUZZ_SECONDS) \
		-max_len=400 -artifact_prefix=$(TARGET)/fuzz/ \
		$(TARGET)/fuzz/corpus tests/corpus
