// SPDX-License-Identifier: Apache-2.0
/* Writes what bpf/record.bpf.c has counted. */
#include "bpf/recording.h"

#include <endian.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <time.h>

#include "bpf/loaded.h"

static int64_t now_nanos(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Since the epoch. The clock may have been set meanwhile. */
static int64_t millis_of(uint64_t ns)
{
	int64_t age = now_nanos(CLOCK_BOOTTIME) - (int64_t)ns;

	return (now_nanos(CLOCK_REALTIME) - age) / 1000000;
}

static size_t write_call(char *text, size_t size, int number, uint64_t count,
			 uint64_t before, const struct sight *first)
{
	int n = snprintf(text, size, "%d %llu %llu %lld %u %u %llu\n", number,
			 (unsigned long long)count, (unsigned long long)before,
			 (long long)millis_of(first->ns), first->process,
			 first->path, (unsigned long long)first->offset);

	return n > 0 && (size_t)n < size ? (size_t)n : 0;
}

bool recorded_capabilities(const struct recording *recording)
{
	return recording->capabilities;
}

bool recorded_operations(const struct recording *recording)
{
	return recording->operations;
}

/* What a file gives to who executes it; 0 if it gives none. */
static uint64_t capabilities_of_file(const char *path)
{
	struct vfs_ns_cap_data data = { 0 };

	if (getxattr(path, "security.capability", &data, sizeof(data)) < 0)
		return 0;
	return le32toh(data.data[0].permitted) |
	       (uint64_t)le32toh(data.data[1].permitted) << 32;
}

/* The sets of a program, in the order of their structures. */
static size_t write_sets(const struct program_calls *program, uint64_t file,
			 char *text, size_t size)
{
	struct {
		struct capabilities capabilities;
		struct operations operations;
	} sets = { program->capabilities, program->operations };
	size_t length;

	sets.capabilities.file |= file;
	length = (size_t)snprintf(text, size, "%u %u %u %u", program->path,
				  program->in_exec, program->group,
				  program->in_runtime);
	for (size_t i = 0; i < sizeof(sets) / sizeof(uint64_t); i++)
		length += (size_t)snprintf(
			text + length, size - length, " %llx",
			((const unsigned long long *)&sets)[i]);
	length += (size_t)snprintf(text + length, size - length, "\n");
	return length;
}

size_t write_program(const struct recording *recording, uint32_t number,
		     char *text, size_t size)
{
	const struct program_calls *program = &recording->programs[number];
	size_t length;

	if (number >= program_count(recording))
		return 0;
	write_path(recording, program->path, text, size);
	length = write_sets(program, capabilities_of_file(text), text, size);
	for (int i = 0; i < NUMBERS; i++)
		if (program->count[i])
			length += write_call(text + length, size - length, i,
					     program->count[i],
					     program->before[i],
					     &program->first[i]);
	return length;
}

size_t write_others(struct recording *recording, uint32_t *position, char *text,
		    size_t size)
{
	int map = recording->context.maps.others.fd;
	struct other_key *key = &recording->last_other;
	size_t length = 0, n;

	while (next_key(map, *position ? key : NULL, key) == 0) {
		struct other_call call;
		char line[256];
		int head;

		++*position;
		if (find_element(map, key, &call))
			continue;
		head = snprintf(line, sizeof(line), "%u %u ", key->program,
				key->compat);
		n = (size_t)head + write_call(line + head,
					      sizeof(line) - (size_t)head,
					      key->number, call.count,
					      call.before, &call.first);
		memcpy(text + length, line, n);
		length += n;
		if (length + sizeof(line) > size)
			return length;
	}
	*position = 0;
	return length;
}

int watch_call(struct recording *recording, uint32_t place,
	       const struct watched_call *call, struct failure *why)
{
	int err = update_element(recording->context.maps.watched_calls.fd,
				 &place, call);

	return err ? refuse_recording(why, "a call cannot be watched", err) : 0;
}

static bool has_all_values(const struct recording *recording,
			   const struct values_key *key)
{
	struct watched_call call;
	struct value_counts counts;

	return !find_element(recording->context.maps.watched_calls.fd,
			     &key->place, &call) &&
	       !find_element(recording->context.maps.value_counts.fd,
			     &key->program, &counts) &&
	       call.slot && counts.counts[call.slot - 1] <= MAX_VALUES;
}

size_t write_values(struct recording *recording, uint32_t *position, char *text,
		    size_t size)
{
	int map = recording->context.maps.values.fd;
	struct values_key *key = &recording->last_values;
	size_t length = 0;

	while (next_key(map, *position ? key : NULL, key) == 0) {
		++*position;
		length += (size_t)snprintf(text + length, size - length,
					   "%u %u %d %llu %llu %llu\n",
					   key->program, key->place,
					   has_all_values(recording, key),
					   (unsigned long long)key->values[0],
					   (unsigned long long)key->values[1],
					   (unsigned long long)key->values[2]);
		if (length + 128 > size)
			return length;
	}
	*position = 0;
	return length;
}

size_t write_uses(struct recording *recording, uint32_t *position, char *text,
		  size_t size)
{
	int map = recording->context.maps.uses.fd;
	struct use_key *key = &recording->last_use;
	size_t length = 0;

	while (next_key(map, *position ? key : NULL, key) == 0) {
		++*position;
		length += (size_t)snprintf(text + length, size - length,
					   "%u %u %u ", key->program, key->how,
					   key->path);
		for (uint32_t i = 0; i < key->length; i++)
			length += (size_t)snprintf(text + length, size - length,
						   "%02x", key->address[i]);
		text[length++] = '\n';
		if (length + 64 + 2 * MAX_ADDRESS > size)
			return length;
	}
	*position = 0;
	return length;
}

size_t write_path(const struct recording *recording, uint32_t number,
		  char *text, size_t size)
{
	const struct path_names *path = &recording->paths[number];
	size_t length = 0;

	text[0] = 0;
	if (number == PATH_ANONYMOUS || number == PATH_VDSO)
		return (size_t)snprintf(text, size, "%s",
					number == PATH_VDSO ? "[vdso]"
							    : "[anonymous]");
	if (number < FIRST_PATH || number >= recording->max_paths ||
	    path->length > PATH_TEXT || size <= PATH_TEXT + 16)
		return 0;
	/* Of an unmounted file, as /proc shows it. */
	if (path->length == 0)
		return (size_t)snprintf(text, size, "/");
	/* The last name is that of the outermost folder. */
	for (size_t end = path->length; end > 0;) {
		size_t begin = end - 1;

		while (begin > 0 && path->names[begin - 1])
			begin--;
		text[length++] = '/';
		memcpy(text + length, path->names + begin, end - 1 - begin);
		length += end - 1 - begin;
		end = begin;
	}
	if (path->flags)
		length += (size_t)snprintf(text + length, size - length,
					   " (deleted)");
	text[length] = 0;
	return length;
}
