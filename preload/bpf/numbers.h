/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
#ifndef BPF_NUMBERS_H
#define BPF_NUMBERS_H

/* Numbers of the kernel that its BTF does not have, and ours. */

#define PF_IO_WORKER	0x00000010
#define PF_USER_WORKER	0x00004000 /* since Linux 6.4 */
#define PF_KTHREAD	0x00200000
#define TS_COMPAT	0x0002
#define TIF_32BIT_ARM64 (1UL << 22)

#define MAX_DEPTH     64  /* of processes, and of folders */
#define NAME_SIZE     256 /* with its zero byte */
#define BUFFERS	      4
#define ITERATOR      9 /* which has no copies: another task made the call */
#define PAGE_SHIFT    12
#define SIGNAL_NUMBER 0x7f
#define SIGSYS	      31
/* Of a task that the kernel ends for a call (kernel/seccomp.c, since Linux 5.17). */
#define SECCOMP_MODE_DEAD 3

#define NO_PROGRAM     (~0U)
#define NOT_KNOWN      (~0ULL)	    /* of the flags of clone3 */
#define VALUES_UNKNOWN (1ULL << 32) /* beside the place of a call */

/* CLONE_CLEAR_SIGHAND, CLONE_VM and CLONE_VFORK (linux/sched.h). */
#define SPAWN 0x100004100ULL

/* A call of clone3: of the other ABI; with set_tid; not looked at once more. */
#define CLONE3_COMPAT 1
#define CLONE3_LONG   2
#define CLONE3_LAST   4

#define PIDTYPE_TGID   1
#define MAX_NAMESPACES 33 /* one in the other: MAX_PID_NS_LEVEL and the first */

#define PR_SET_SECCOMP			 22
#define PR_SET_SECUREBITS		 28
#define SECCOMP_SET_MODE_FILTER		 1
#define SECCOMP_FILTER_FLAG_NEW_LISTENER 8
#define COMPAT_PRCTL			 172
#define COMPAT_CAPSET			 185
#define IO_URING_REGISTER		 427
#if defined(__TARGET_ARCH_x86)
#define NATIVE_PRCTL   157
#define NATIVE_SECCOMP 317
#define NATIVE_CAPSET  126
#define NATIVE_BPF     321
#define NATIVE_OPEN    2
#define NATIVE_CREAT   85
#define NATIVE_OPENAT  257
#define NATIVE_BIND    49
#define NATIVE_CONNECT 42
#define NATIVE_SOCKET  41
#define COMPAT_SECCOMP 354
#define COMPAT_BPF     357
#define COMPAT_OPENAT  295
#define COMPAT_BIND    361
#define COMPAT_CONNECT 362
#else
#define NATIVE_PRCTL   167
#define NATIVE_SECCOMP 277
#define NATIVE_CAPSET  91
#define NATIVE_BPF     280
#define NATIVE_OPEN    NATIVE_OPENAT
#define NATIVE_CREAT   NATIVE_OPENAT
#define NATIVE_OPENAT  56
#define NATIVE_BIND    200
#define NATIVE_CONNECT 203
#define NATIVE_SOCKET  198
#define COMPAT_SECCOMP 383
#define COMPAT_BPF     386
#define COMPAT_OPENAT  322
#define COMPAT_BIND    282
#define COMPAT_CONNECT 283
#endif
#define OPENAT2		 437
#define OPERATION_SOCKET 45 /* IORING_OP_SOCKET */
#define COMPAT_OPEN	 5
#define COMPAT_CREAT	 8

/* linux/fs.h, of the mode of a struct file. */
#define FMODE_READ    1
#define FMODE_WRITE   2
#define FMODE_CREATED (1 << 20)

#define EINPROGRESS 115

/* linux/capability.h; the first version of capset's masks has 32 bits of each. */
#define CAP_SETPCAP   8
#define CAP_SYS_ADMIN 21
#define CAPSET_FIRST  0x19980330
#define MAX_CALLERS   10 /* which are looked at, from the check up */

#define MAX_INSTRUCTIONS 256 /* of a filter, in which the mark is looked for */

#endif
