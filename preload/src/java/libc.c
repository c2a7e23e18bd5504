// SPDX-License-Identifier: Apache-2.0
/* The native methods of io.sandbox.enforcer.launch.LibC, described there. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "file_status.h"
#include "java/natives.h"

#define NATIVE(...) NATIVE_OF(enforcer_launch_LibC, __VA_ARGS__)

#define BATCH_LIMIT 64

NATIVE(jint, poll, jobject pollfds, jint millis)
{
	return or_errno(poll(bytes_of(env, pollfds),
			     size_of(env, pollfds) / sizeof(struct pollfd),
			     millis));
}

struct path {
	char text[PATH_MAX + 1];
};

/* What does not fit is cut, and still too long for the kernel, which then says so. */
static const char *text_of(JNIEnv *env, jbyteArray bytes, struct path *path)
{
	jsize length = (*env)->GetArrayLength(env, bytes);

	if (length > PATH_MAX)
		length = PATH_MAX;
	(*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)path->text);
	path->text[length] = 0;
	return path->text;
}

NATIVE(jint, open, jbyteArray name, jint flags)
{
	struct path path;

	return or_errno(open(text_of(env, name, &path), flags));
}

NATIVE(jint, openat, jint folder, jbyteArray name, jint flags, jint mode)
{
	struct path path;

	return or_errno(
		openat(folder, text_of(env, name, &path), flags, (mode_t)mode));
}

NATIVE(jint, fstatat, jint folder, jbyteArray name, jlongArray status,
       jint flags)
{
	struct path path;
	struct stat st;

	if (query_file_status(folder, text_of(env, name, &path), &st, flags))
		return -errno;
	(*env)->SetLongArrayRegion(env, status, 0, 5,
				   (jlong[]){ (jlong)st.st_dev,
					      (jlong)st.st_ino, st.st_mode,
					      st.st_uid, st.st_gid });
	return 0;
}

NATIVE(jint, getxattr, jbyteArray name, jbyteArray attribute, jobject value)
{
	struct path path, key;

	return or_errno(getxattr(text_of(env, name, &path),
				 text_of(env, attribute, &key),
				 bytes_of(env, value), size_of(env, value)));
}

NATIVE(jint, readlinkat, jint folder, jbyteArray name, jobject text)
{
	struct path path;

	return or_errno(readlinkat(folder, text_of(env, name, &path),
				   bytes_of(env, text), size_of(env, text)));
}

NATIVE(jint, renameat2, jint folder, jbyteArray name, jbyteArray new_name,
       jint flags)
{
	struct path path, new_path;
	const char *from = text_of(env, name, &path);
	const char *to = text_of(env, new_name, &new_path);

	/* glibc before 2.28 has no renameat2, nor have old kernels. */
	if (!flags)
		return or_errno(renameat(folder, from, folder, to));
	return or_errno(
		syscall(SYS_renameat2, folder, from, folder, to, flags));
}

NATIVE(jint, unlinkat, jint folder, jbyteArray name)
{
	struct path path;

	return or_errno(unlinkat(folder, text_of(env, name, &path), 0));
}

NATIVE(jint, mkdirat, jint folder, jbyteArray name)
{
	struct path path;

	return or_errno(mkdirat(folder, text_of(env, name, &path), 0777));
}

NATIVE(jboolean, isProc, jint fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

NATIVE(jint, fchown, jint fd, jint owner, jint group)
{
	return or_errno(fchown(fd, (uid_t)owner, (gid_t)group));
}

NATIVE(jint, fchmod, jint fd, jint mode)
{
	return or_errno(fchmod(fd, (mode_t)mode));
}

NATIVE(jint, fsync, jint fd)
{
	return or_errno(fsync(fd));
}

NATIVE(jint, flock, jint fd, jint operation)
{
	return or_errno(flock(fd, operation));
}

NATIVE(jint, getpid)
{
	return (jint)getpid();
}

NATIVE(jint, geteuid)
{
	return (jint)geteuid();
}

// Not inotify, whose close takes ten milliseconds: the kernel waits until
// nothing can use the watch any more.
NATIVE(jint, watchWrites, jbyteArray path)
{
	struct f_owner_ex owner = { F_OWNER_TID, (pid_t)syscall(SYS_gettid) };
	struct path folder;
	sigset_t signals;
	int err, fd;

	sigemptyset(&signals);
	sigaddset(&signals, SIGIO);
	fd = open(text_of(env, path, &folder),
		  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (sigprocmask(SIG_BLOCK, &signals, NULL) ||
	    fcntl(fd, F_SETOWN_EX, &owner) < 0 ||
	    fcntl(fd, F_NOTIFY, DN_MODIFY | DN_MULTISHOT) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

NATIVE(jboolean, takeWrites)
{
	struct timespec now = { 0 };
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGIO);
	return sigtimedwait(&signals, NULL, &now) == SIGIO;
}

NATIVE(jint, setDumpable, jint value)
{
	return or_errno(prctl(PR_SET_DUMPABLE, value, 0, 0, 0));
}

/* Where sandbox-exec is told of signals. */
static int told_by;

static void tell_signal(int number)
{
	char message[] = "signaled 00";
	int before = errno;

	message[sizeof(message) - 3] += (char)(number / 10);
	message[sizeof(message) - 2] += (char)(number % 10);
	send(told_by, message, sizeof(message) - 1,
	     MSG_NOSIGNAL | MSG_DONTWAIT);
	errno = before;
}

NATIVE(void, tellEndSignals, jint fd)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
	struct sigaction action = { .sa_handler = tell_signal,
				    .sa_flags = SA_RESTART };

	told_by = fd;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

NATIVE(jint, close, jint fd)
{
	return or_errno(close(fd));
}

NATIVE(jint, read, jint fd, jobject buffer, jint size)
{
	return or_errno(read(fd, bytes_of(env, buffer), (size_t)size));
}

NATIVE(jint, write, jint fd, jobject buffer, jint offset, jint size)
{
	return or_errno(write(fd, (char *)bytes_of(env, buffer) + offset,
			      (size_t)size));
}

NATIVE(jint, seekToEnd, jint fd)
{
	return lseek(fd, 0, SEEK_END) < 0 ? -errno : 0;
}

NATIVE(jint, auditSocket)
{
	return or_errno(
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT));
}

NATIVE(jint, bindNetlink, jint fd, jint groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = (unsigned int)groups };

	return or_errno(bind(fd, (struct sockaddr *)&address, sizeof(address)));
}

NATIVE(jint, notifySocket, jbyteArray name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	jsize length = (*env)->GetArrayLength(env, name);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0 || length >= (jsize)sizeof(address.sun_path))
		return fd < 0 ? -errno : -EINVAL;
	(*env)->GetByteArrayRegion(env, name, 0, length,
				   (jbyte *)address.sun_path + 1);
	if (bind(fd, (struct sockaddr *)&address,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			     (size_t)length)) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

NATIVE(jint, setsockopt, jint fd, jint level, jint option, jint value)
{
	return or_errno(setsockopt(fd, level, option, &value, sizeof(value)));
}

NATIVE(jint, getsockopt, jint fd, jint level, jint option, jobject value)
{
	socklen_t size = (socklen_t)size_of(env, value);

	return or_errno(
		getsockopt(fd, level, option, bytes_of(env, value), &size));
}

NATIVE(jint, send, jint fd, jobject buffer, jint size)
{
	return or_errno(send(fd, bytes_of(env, buffer), (size_t)size, 0));
}

NATIVE(jint, recv, jint fd, jobject buffer)
{
	return or_errno(recv(fd, bytes_of(env, buffer), size_of(env, buffer),
			     MSG_DONTWAIT));
}

NATIVE(jint, recvmmsg, jint fd, jobject slots, jint slot_size, jobject heads)
{
	size_t count = size_of(env, slots) / (size_t)slot_size, i;
	struct mmsghdr messages[BATCH_LIMIT];
	struct sockaddr_nl senders[BATCH_LIMIT];
	struct iovec vectors[BATCH_LIMIT];
	char *slot = bytes_of(env, slots);
	jint *head = bytes_of(env, heads);
	int received;

	if (count > BATCH_LIMIT)
		count = BATCH_LIMIT;
	memset(messages, 0, count * sizeof(messages[0]));
	for (i = 0; i < count; i++) {
		vectors[i].iov_base = slot + i * (size_t)slot_size;
		vectors[i].iov_len = (size_t)slot_size;
		messages[i].msg_hdr.msg_name = &senders[i];
		messages[i].msg_hdr.msg_namelen = sizeof(senders[i]);
		messages[i].msg_hdr.msg_iov = &vectors[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	received =
		recvmmsg(fd, messages, (unsigned int)count, MSG_DONTWAIT, NULL);
	for (i = 0; received > 0 && i < (size_t)received; i++) {
		*head++ = (jint)senders[i].nl_pid;
		*head++ = (jint)messages[i].msg_len;
	}
	return or_errno(received);
}

NATIVE(jint, schedSetScheduler, jint policy)
{
	struct sched_param priority = { 0 };

	return or_errno(sched_setscheduler(0, policy, &priority));
}

NATIVE(jint, pidfdOpen, jint process)
{
	return or_errno(syscall(SYS_pidfd_open, process, 0));
}

NATIVE(jint, pidfdSendSignal, jint fd, jint signal)
{
	return or_errno(syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0));
}

/* The first 64 bytes of struct pidfd_info (linux/pidfd.h, Linux 6.15). */
struct exit_info {
	uint64_t mask;
	uint64_t cgroup;
	uint32_t ids[11];
	int32_t exit_code;
};

#define EXIT_INFO      (1UL << 3)
#define GET_INFO_IOCTL _IOWR(0xff, 11, struct exit_info)

NATIVE(jint, pidfdExitStatus, jint fd)
{
	struct exit_info info = { .mask = EXIT_INFO };

	if (ioctl(fd, GET_INFO_IOCTL, &info))
		return -errno;
	return info.mask & EXIT_INFO ? info.exit_code : -EAGAIN;
}

NATIVE(jboolean, isTerminal, jint fd)
{
	return isatty(fd) == 1;
}

NATIVE(jboolean, isLineTerminal, jint fd)
{
	struct termios termios;

	return tcgetattr(fd, &termios) == 0 && (termios.c_lflag & ICANON);
}

NATIVE(jint, columns, jint fd)
{
	struct winsize size;

	return ioctl(fd, TIOCGWINSZ, &size) ? 0 : size.ws_col;
}

NATIVE(jstring, strerror, jint number)
{
	return (*env)->NewStringUTF(env, strerror(number));
}
