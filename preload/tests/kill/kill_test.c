/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends signals at random moments to all processes that take part when a
 * program is filtered or recorded. Whatever is killed, stopped or interrupted:
 * - the program never runs without its filter: it would report a forbidden call
 *   that succeeded;
 * - no list lacks a call that the program reported;
 * - everything ends and nothing is left: no process, no file, no lifted kernel
 *   limit.
 *
 *   kill_test [-n TRIES] [-s SEED] [-t TRY] [-m MODE] [-d DIST] PROGRAMS
 *	LOADER LIBRARY
 *
 * The choices of a try depend only on SEED and its number, so -t repeats a try,
 * apart from the kernel's timing. -m selects the modes whose name contains
 * MODE.
 */
#include <dirent.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../random.h"
#include "calls.h"
#include "failure.h"
#include "family.h"
#include "modes.h"

#define MAX_STRIKES 3
#define LIMIT	    "/proc/sys/kernel/printk_ratelimit"

/* Only detects a hang: nothing here takes a second. */
#define PATIENCE_SECONDS 60

/* One try in so many uses Java, which takes as long as the others together. */
#define NATIVE_PER_JAVA 12

/* @after_seen: @delay counts from when the member exists. */
struct strike {
	enum member member;
	int signal;
	bool after_seen;
	unsigned int delay_us;
	unsigned int pause_us; /* until SIGCONT, after a stop */
};

struct plan {
	unsigned int number;
	const struct mode *mode;
	unsigned int spin;
	bool first;
	int ignored; /* a signal that the user ignores, or 0 */
	unsigned int strike_count;
	struct strike strikes[MAX_STRIKES];
};

/*
 * The outcome of a try.
 * @killed: a process got SIGKILL and could not clean up
 * @struck: a signal that may have ended or spoilt something was sent
 */
struct outcome {
	bool killed;
	bool struck;
	bool hung;
	int status;
	char reports[256];
	char list[8192];
	char limit[32];
};

struct tally {
	unsigned int tries, good, refused, ended;
};

static struct places places;
static struct tally *tallies;
static unsigned int *durations_us;
static unsigned int passed, failed;
static uint64_t seed;
static bool own_tmp;

static uint64_t now_us(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

/* --- What is done. */

static void choose_strike(struct strike *strike, const struct mode *mode)
{
	static const int signals[] = { SIGTERM, SIGINT,	 SIGKILL, SIGKILL,
				       SIGSTOP, SIGSTOP, SIGHUP,  SIGQUIT };
	static const enum member native[] = { LAUNCHER, TRACER, TRACER,
					      PROGRAM };

	strike->member = mode->takes_java ? (enum member)below(MEMBERS)
					  : native[below(4)];
	strike->signal = signals[below(8)];
	strike->after_seen = below(2);
	strike->delay_us = strike->after_seen && strike->member != JAVA
				   ? below(600)
				   : below(durations_us[mode - modes]);
	strike->pause_us = below(mode->takes_java ? 20000 : 2000);
}

static const struct mode *choose_mode(bool java)
{
	const struct mode *mode;

	do
		mode = &modes[below(mode_count)];
	while (!tallies[mode - modes].tries || mode->takes_java != java);
	return mode;
}

static bool has_modes(bool java)
{
	unsigned int i;

	for (i = 0; i < mode_count; i++)
		if (tallies[i].tries && modes[i].takes_java == java)
			return true;
	return false;
}

static void make_plan(struct plan *plan, unsigned int number)
{
	static const int ignorable[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };
	bool java = below(NATIVE_PER_JAVA) == 0;
	unsigned int i;

	if (!has_modes(java))
		java = !java;
	plan->number = number;
	plan->mode = choose_mode(java);
	plan->spin = below(2) ? below(200) : below(200000);
	plan->first = below(2);
	plan->ignored = below(4) ? 0 : ignorable[below(4)];
	plan->strike_count = below(4) ? 1 : 1 + below(MAX_STRIKES);
	for (i = 0; i < plan->strike_count; i++)
		choose_strike(&plan->strikes[i], plan->mode);
}

static void print_plan(const struct plan *plan)
{
	unsigned int i;

	printf("  try %u, %s, spin %u%s", plan->number, plan->mode->name,
	       plan->spin, plan->first ? ", first call" : "");
	if (plan->ignored)
		printf(", %s ignored", strsignal(plan->ignored));
	for (i = 0; i < plan->strike_count; i++) {
		const struct strike *strike = &plan->strikes[i];

		printf("; signal %d to %s, %u us after %s", strike->signal,
		       member_names[strike->member], strike->delay_us,
		       strike->after_seen ? "it is there" : "the last");
		if (strike->signal == SIGSTOP)
			printf(", for %u us", strike->pause_us);
	}
	printf("\n  again: -s %llu -t %u\n", (unsigned long long)seed,
	       plan->number);
}

static void open_as(const char *name, int fd)
{
	int opened = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (opened < 0 || dup2(opened, fd) < 0)
		_exit(2);
	close(opened);
}

__attribute__((noreturn)) static void run_child(const struct plan *plan,
						int report)
{
	/* Higher than the descriptors that the commands use. */
	int fd = dup2(report, 9);

	setpgid(0, 0);
	open_as("out", STDOUT_FILENO);
	open_as("err", STDERR_FILENO);
	if (plan->ignored)
		signal(plan->ignored, SIG_IGN);
	execute_mode(plan->mode, &places, fd, plan->spin, plan->first);
}

static void wait_us(unsigned int us)
{
	uint64_t end = now_us() + us;

	if (us > 1000)
		usleep(us - 500);
	while (now_us() < end)
		;
}

static pid_t await_member(pid_t launcher, const struct strike *strike,
			  bool java)
{
	pid_t pid;

	while (!(pid = find_member(launcher, strike->member))) {
		if (has_ended(launcher))
			return 0;
		if (java)
			usleep(20);
	}
	wait_us(strike->delay_us);
	return pid;
}

static void hit(pid_t launcher, const struct strike *strike, bool java,
		struct outcome *outcome)
{
	pid_t pid;

	if (strike->after_seen) {
		pid = await_member(launcher, strike, java);
	} else {
		wait_us(strike->delay_us);
		pid = find_member(launcher, strike->member);
	}
	if (!pid || kill(pid, strike->signal))
		return;
	if (strike->signal == SIGSTOP) {
		wait_us(strike->pause_us);
		kill(pid, SIGCONT);
	} else {
		outcome->struck = true;
	}
	if (strike->signal == SIGKILL)
		outcome->killed = true;
}

static void await_end(pid_t launcher, struct outcome *outcome)
{
	uint64_t end = now_us() + (uint64_t)PATIENCE_SECONDS * 1000000;
	unsigned int pause = 20;

	while (others_live(launcher) || !has_ended(launcher)) {
		if (now_us() > end && !outcome->hung) {
			outcome->hung = true;
			printf("HANGS: what is left after %d s:\n",
			       PATIENCE_SECONDS);
			describe_family(stdout);
			kill_family();
		}
		usleep(pause);
		pause += pause < 1000 ? pause / 4 : 0;
	}
	waitpid(launcher, &outcome->status, 0);
}

static void read_text(const char *name, char *text, size_t size)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = 0;
}

static void remove_results(void)
{
	unlink("list");
	unlink("recording");
}

static void run_plan(const struct plan *plan, struct outcome *outcome)
{
	int report[2];
	pid_t launcher;
	unsigned int i;
	ssize_t n;

	if (pipe2(report, O_CLOEXEC))
		exit(2);
	remove_results();
	fflush(stdout);
	launcher = fork();
	if (launcher == 0)
		run_child(plan, report[1]);
	setpgid(launcher, launcher);
	close(report[1]);
	for (i = 0; i < plan->strike_count; i++)
		hit(launcher, &plan->strikes[i], plan->mode->takes_java,
		    outcome);
	await_end(launcher, outcome);
	n = read(report[0], outcome->reports, sizeof(outcome->reports) - 1);
	outcome->reports[n > 0 ? n : 0] = 0;
	close(report[0]);
	read_text(plan->mode->list ? plan->mode->list : "out", outcome->list,
		  sizeof(outcome->list));
	read_text(LIMIT, outcome->limit, sizeof(outcome->limit));
}

/* --- What must hold. */

static void fail(const struct plan *plan, const struct outcome *outcome,
		 const char *what, const char *detail)
{
	char err[4096];

	failed++;
	printf("FAILED: %s %s\n", what, detail);
	print_plan(plan);
	read_text("err", err, sizeof(err));
	printf("  wait status %x, reports '%s', output '%.200s'\n  stderr: %s\n",
	       (unsigned int)outcome->status, outcome->reports, outcome->list,
	       err);
}

static bool was_made(const struct outcome *outcome, int index)
{
	return strchr(outcome->reports, FIRST_REPORT + index) != NULL;
}

/* Whether the colon-separated list contains @name. */
static bool lists(const char *list, const char *name)
{
	size_t length = strlen(name);
	const char *found = list;

	while ((found = strstr(found, name))) {
		if (found > list && strchr("\":", found[-1]) &&
		    strchr("\":", found[length]))
			return true;
		found += length;
	}
	return false;
}

/* A list that is printed must be complete, whatever the status. */
static const char *missing_call(const struct outcome *outcome)
{
	static const struct {
		long number;
		const char *name;
	} calls[] = { KNOWN_CALLS };
	int i;

	for (i = 0; i < KNOWN_COUNT; i++)
		if (was_made(outcome, i) &&
		    !lists(outcome->list, calls[i].name))
			return calls[i].name;
	return NULL;
}

static bool ended_with(const struct outcome *outcome, int status)
{
	return WIFEXITED(outcome->status) &&
	       WEXITSTATUS(outcome->status) == status;
}

static void judge_list(const struct plan *plan, const struct outcome *outcome)
{
	const char *missing;

	if (!outcome->list[0]) {
		if (ended_with(outcome, 0))
			fail(plan, outcome, "status 0 without a list", "");
		return;
	}
	missing = missing_call(outcome);
	if (missing)
		fail(plan, outcome, "the list lacks", missing);
}

static void judge_check(const struct plan *plan, const struct outcome *outcome)
{
	if (ended_with(outcome, 0) && was_made(outcome, KNOWN_COUNT - 1))
		fail(plan, outcome, "sandbox-check did not see", LAST_CALL);
}

static bool was_filtered(const struct outcome *outcome)
{
	return (WIFSIGNALED(outcome->status) &&
		WTERMSIG(outcome->status) == SIGSYS) ||
	       ended_with(outcome, STATUS_SIGNALED + SIGSYS);
}

static bool did_its_job(const struct mode *mode, const struct outcome *outcome)
{
	return mode->learns   ? outcome->list[0] != 0
	       : mode->checks ? ended_with(outcome, 1)
			      : was_filtered(outcome);
}

static void judge_enforcement(const struct plan *plan,
			      const struct outcome *outcome)
{
	if (strchr(outcome->reports, 'U'))
		fail(plan, outcome, "ran UNFILTERED", "");
	else if (!outcome->struck && !was_filtered(outcome))
		fail(plan, outcome, "nothing ended it,",
		     "but it was not killed by its filter");
}

/* SIGKILL leaves a lifted limit; the docs say that the next run restores it. */
static void judge_limit(const struct plan *plan, const struct outcome *outcome,
			const char *before)
{
	struct plan next = { .number = plan->number, .mode = plan->mode };
	struct outcome repaired = { 0 };

	if (strcmp(outcome->limit, before) == 0)
		return;
	if (!outcome->killed) {
		fail(plan, outcome, LIMIT " is left at", outcome->limit);
		return;
	}
	run_plan(&next, &repaired);
	if (strcmp(repaired.limit, before) != 0)
		fail(plan, &repaired, "the next run did not restore " LIMIT,
		     repaired.limit);
}

/* A signal is no reason to call something an error of ours. */
static void judge_messages(const struct plan *plan,
			   const struct outcome *outcome)
{
	char err[4096];

	read_text("err", err, sizeof(err));
	if (strstr(err, "internal error"))
		fail(plan, outcome, "an internal error is reported", "");
	if (WIFSIGNALED(outcome->status) &&
	    WTERMSIG(outcome->status) == SIGPIPE)
		fail(plan, outcome, "ended by SIGPIPE, without a message", "");
}

/* Our own files in the work folder, and the folder. */
static const char *const own_files[] = { "out",	 "err",	 "deny",      "filter",
					 "half", "list", "recording", "work" };

#define OWN_FILES (sizeof(own_files) / sizeof(own_files[0]))

static bool is_expected(const char *name)
{
	size_t i;

	for (i = 0; i < OWN_FILES; i++)
		if (strcmp(name, own_files[i]) == 0)
			return true;
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void judge_files(const struct plan *plan, const struct outcome *outcome,
			const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		if (is_expected(entry->d_name))
			continue;
		/* Files left after SIGKILL are removed, and are no failure. */
		if (!outcome->killed)
			fail(plan, outcome, "a file is left:", entry->d_name);
		unlinkat(dirfd(dir), entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
}

static void count_outcome(const struct plan *plan,
			  const struct outcome *outcome)
{
	struct tally *tally = &tallies[plan->mode - modes];

	tally->tries++;
	if (did_its_job(plan->mode, outcome))
		tally->good++;
	else if (WIFEXITED(outcome->status))
		tally->refused++;
	else
		tally->ended++;
}

static void judge(const struct plan *plan, const struct outcome *outcome,
		  const char *limit)
{
	unsigned int before = failed;

	if (outcome->hung)
		fail(plan, outcome, "HANGS", "");
	if (plan->mode->learns)
		judge_list(plan, outcome);
	else if (plan->mode->checks)
		judge_check(plan, outcome);
	else
		judge_enforcement(plan, outcome);
	judge_messages(plan, outcome);
	judge_files(plan, outcome, ".");
	if (own_tmp)
		judge_files(plan, outcome, "/tmp");
	if (plan->mode->lifts_limit)
		judge_limit(plan, outcome, limit);
	count_outcome(plan, outcome);
	if (failed == before)
		passed++;
}

/* --- The whole. */

static void run_try(unsigned int number)
{
	struct plan plan = { 0 };
	struct outcome outcome = { 0 };
	char limit[32];

	random_state = seed ^ ((uint64_t)number + 1) * 0xd1342543de82ef95;
	make_plan(&plan, number);
	read_text(LIMIT, limit, sizeof(limit));
	run_plan(&plan, &outcome);
	judge(&plan, &outcome, limit);
}

/* Without a signal the mode must work; measures its duration. */
static bool try_mode(unsigned int index)
{
	struct plan plan = { .mode = &modes[index] };
	struct outcome outcome = { 0 };
	uint64_t before = now_us();
	run_plan(&plan, &outcome);
	durations_us[index] = (unsigned int)(now_us() - before);
	if (did_its_job(plan.mode, &outcome) &&
	    (!plan.mode->learns || was_made(&outcome, KNOWN_COUNT - 1)))
		return true;
	fail(&plan, &outcome, "does not work without a signal", "");
	return false;
}

static void try_modes(const char *wanted)
{
	unsigned int i;

	tallies = calloc(mode_count, sizeof(*tallies));
	durations_us = calloc(mode_count, sizeof(*durations_us));
	if (!tallies || !durations_us)
		exit(2);
	for (i = 0; i < mode_count; i++) {
		if (wanted && !strstr(modes[i].name, wanted))
			continue;
		if (!is_possible(&modes[i], &places))
			printf("left out: %s\n", modes[i].name);
		else if (try_mode(i))
			tallies[i].tries = 1;
	}
}

static bool lies_in_tmp(const char *path)
{
	return path && strncmp(path, "/tmp/", 5) == 0;
}

/* So every file in it is ours. */
static void take_own_tmp(void)
{
	own_tmp = !lies_in_tmp(places.dist) && !lies_in_tmp(places.loader) &&
		  !lies_in_tmp(places.programs) && unshare(CLONE_NEWNS) == 0 &&
		  mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		  mount("kill", "/tmp", "tmpfs", 0, NULL) == 0;
}

static void enter_work_folder(char *folder)
{
	static const struct rlimit none = { 0, 0 };

	take_own_tmp();
	if (own_tmp ? mkdir("/tmp/work", 0700) || chdir("/tmp/work")
		    : !mkdtemp(folder) || chdir(folder)) {
		perror("kill_test");
		exit(2);
	}
	setenv("TMPDIR", ".", 1);
	unsetenv("LD_PRELOAD");
	/* SIGQUIT and SIGSYS would leave core files. */
	setrlimit(RLIMIT_CORE, &none);
	if (write_mode_files()) {
		perror("kill_test");
		exit(2);
	}
}

static void leave_work_folder(const char *folder)
{
	size_t i;

	for (i = 0; i < OWN_FILES; i++)
		unlink(own_files[i]);
	if (!own_tmp && (chdir("/") || rmdir(folder)))
		perror(folder);
}

static void print_tallies(void)
{
	unsigned int i;

	printf("%-24s %8s %18s %9s %9s %9s\n", "", "tries", "filtered/listed",
	       "refused", "signal", "ms");
	for (i = 0; i < mode_count; i++)
		if (tallies[i].tries)
			printf("%-24s %8u %18u %9u %9u %9.1f\n", modes[i].name,
			       tallies[i].tries - 1, tallies[i].good,
			       tallies[i].refused, tallies[i].ended,
			       durations_us[i] / 1000.0);
}

static const char *absolute(const char *path)
{
	char *real = realpath(path, NULL);

	if (real)
		return real;
	perror(path);
	exit(2);
}

__attribute__((noreturn)) static void usage(void)
{
	fputs("usage: kill_test [-n TRIES] [-s SEED] [-t TRY] [-m MODE] "
	      "[-d DIST] PROGRAMS LOADER LIBRARY\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/kill-test-XXXXXX";
	unsigned int tries = 300, number;
	const char *wanted = NULL;
	long only = -1;
	int option;

	seed = (uint64_t)time(NULL);
	while ((option = getopt(argc, argv, "n:s:t:m:d:")) != -1) {
		if (option == 'n')
			tries = (unsigned int)strtoul(optarg, NULL, 10);
		else if (option == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (option == 't')
			only = strtol(optarg, NULL, 10);
		else if (option == 'm')
			wanted = optarg;
		else if (option == 'd')
			places.dist = absolute(optarg);
		else
			usage();
	}
	if (argc - optind != 3)
		usage();
	places.programs = absolute(argv[optind]);
	places.loader = absolute(argv[optind + 1]);
	places.library = absolute(argv[optind + 2]);
	if (!adopt_orphans()) {
		printf("skipped: the kernel does not list children\n"
		       "0 passed, 0 failed, 1 skipped\n");
		return 0;
	}
	printf("seed %llu, %u tries\n", (unsigned long long)seed, tries);
	enter_work_folder(folder);
	try_modes(wanted);
	if (!has_modes(true) && !has_modes(false))
		tries = 0;
	for (number = 0; number < tries; number++)
		if (only < 0 || (unsigned int)only == number)
			run_try(number);
	print_tallies();
	leave_work_folder(folder);
	printf("%u passed, %u failed\n", passed, failed);
	return failed != 0;
}
