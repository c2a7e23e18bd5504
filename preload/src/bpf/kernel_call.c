// SPDX-License-Identifier: Apache-2.0
/* bpf(2); the layouts are those of union bpf_attr in linux/bpf.h. */
#include "bpf/kernel_call.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	MAP_CREATE = 0,
	MAP_LOOKUP_ELEM = 1,
	MAP_UPDATE_ELEM = 2,
	MAP_GET_NEXT_KEY = 4,
	PROG_LOAD = 5,
	PROG_RUN = 10,
	OBJ_GET_INFO_BY_FD = 15,
	RAW_TRACEPOINT_OPEN = 17,
	LINK_CREATE = 28,
	ITER_CREATE = 33,
};

#define MAP_TYPE_ARRAY	  2
#define PROG_TYPE_SYSCALL 31 /* since Linux 5.14 */
#define PROG_SLEEPABLE	  (1U << 4)
#define TRACE_ITERATOR	  28
#define INSTRUCTION_SIZE  8
#define ONLY_NEW	  1 /* BPF_NOEXIST */

static uint64_t address(const void *pointer)
{
	return (uint64_t)(uintptr_t)pointer;
}

static int call_bpf(int command, void *attributes, size_t size)
{
	long result = syscall(SYS_bpf, command, attributes, size);

	return result < 0 ? -errno : (int)result;
}

static int create_array(size_t value_size)
{
	struct {
		uint32_t type, key_size, value_size, max_entries;
	} attributes = { MAP_TYPE_ARRAY, sizeof(uint32_t), (uint32_t)value_size,
			 1 };

	return call_bpf(MAP_CREATE, &attributes, sizeof(attributes));
}

struct element {
	uint32_t map;
	uint64_t key;
	uint64_t value;
	uint64_t flags;
};

static int set_element(int map, const void *key, const void *value,
		       uint64_t flags)
{
	struct element attributes = { (uint32_t)map, address(key),
				      address(value), flags };

	return call_bpf(MAP_UPDATE_ELEM, &attributes, sizeof(attributes));
}

int update_element(int map, const void *key, const void *value)
{
	return set_element(map, key, value, 0);
}

int add_element(int map, const void *key, const void *value)
{
	return set_element(map, key, value, ONLY_NEW);
}

int find_element(int map, const void *key, void *value)
{
	struct element attributes = { (uint32_t)map, address(key),
				      address(value), 0 };

	return call_bpf(MAP_LOOKUP_ELEM, &attributes, sizeof(attributes));
}

int next_key(int map, const void *key, void *next)
{
	struct element attributes = { (uint32_t)map, address(key),
				      address(next), 0 };

	return call_bpf(MAP_GET_NEXT_KEY, &attributes, sizeof(attributes));
}

static int load_loader(const int *map, const void *code, size_t size)
{
	struct {
		uint32_t type, count;
		uint64_t code, licence;
		uint32_t log_level, log_size;
		uint64_t log;
		uint32_t kernel_version, flags;
		char name[16];
		uint32_t unused[14];
		uint64_t fd_array;
	} attributes = {
		.type = PROG_TYPE_SYSCALL,
		.count = (uint32_t)(size / INSTRUCTION_SIZE),
		.code = address(code),
		.licence = address("Dual MIT/GPL"),
		.flags = PROG_SLEEPABLE,
		.name = "sandbox_loader",
		.fd_array = address(map),
	};

	_Static_assert(offsetof(typeof(attributes), fd_array) == 120,
		       "the layout of linux/bpf.h");
	return call_bpf(PROG_LOAD, &attributes, sizeof(attributes));
}

static int run_program(int program, struct loader_head *context)
{
	struct {
		uint32_t program, result;
		uint32_t unused[8];
		uint32_t size_in, size_out;
		uint64_t in, out;
		uint32_t flags, cpu;
	} attributes = {
		.program = (uint32_t)program,
		.size_in = context->size,
		.in = address(context),
	};
	int err;

	_Static_assert(offsetof(typeof(attributes), in) == 48,
		       "the layout of linux/bpf.h");
	err = call_bpf(PROG_RUN, &attributes, sizeof(attributes));
	return err < 0 ? err : (int)attributes.result;
}

int run_loader(struct loader_head *context, const void *data, size_t data_size,
	       const void *code, size_t code_size, const char **step)
{
	uint32_t key = 0;
	int map, program, err;

	*step = "a map cannot be made";
	map = create_array(data_size);
	if (map < 0)
		return map;
	err = update_element(map, &key, data);
	if (err)
		goto close_map;
	*step = "no program can load others";
	program = load_loader(&map, code, code_size);
	err = program;
	if (program < 0)
		goto close_map;
	*step = "the programs cannot be loaded";
	err = run_program(program, context);
	close(program);

close_map:
	close(map);
	return err < 0 ? err : 0;
}

int attach_tracepoint(int program, const char *name)
{
	struct {
		uint64_t name;
		uint32_t program, unused;
	} attributes = { .name = address(name), .program = (uint32_t)program };

	return call_bpf(RAW_TRACEPOINT_OPEN, &attributes, sizeof(attributes));
}

/* perf_event_open(2) can do it since Linux 4.17, if the kernel has kprobes. */
int attach_function(int program, const char *name)
{
	struct perf_event_attr event = { .size = sizeof(event),
					 .config1 = address(name) };
	FILE *type = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	int known, link, err;

	if (!type)
		return -errno;
	known = fscanf(type, "%u", &event.type);
	fclose(type);
	if (known != 1)
		return -ENOENT;
	link = (int)syscall(SYS_perf_event_open, &event, -1, 0, -1,
			    PERF_FLAG_FD_CLOEXEC);
	if (link < 0)
		return -errno;
	if (ioctl(link, PERF_EVENT_IOC_SET_BPF, program) == 0)
		return link;
	err = -errno;
	close(link);
	return err;
}

int attach_iterator(int program)
{
	struct {
		uint32_t program, target, type, flags;
	} attributes = { .program = (uint32_t)program, .type = TRACE_ITERATOR };

	return call_bpf(LINK_CREATE, &attributes, sizeof(attributes));
}

int open_iterator(int link)
{
	struct {
		uint32_t link, flags;
	} attributes = { .link = (uint32_t)link };

	return call_bpf(ITER_CREATE, &attributes, sizeof(attributes));
}

int count_misses(int program, uint64_t *misses)
{
	/* struct bpf_prog_info, up to and with recursion_misses (5.12). */
	uint64_t info[27] = { 0 };
	struct {
		uint32_t program, size;
		uint64_t info;
	} attributes = { (uint32_t)program, sizeof(info), address(info) };
	int err = call_bpf(OBJ_GET_INFO_BY_FD, &attributes, sizeof(attributes));

	if (err < 0)
		return err;
	*misses = info[26];
	return 0;
}
