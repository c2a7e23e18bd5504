/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOAD_MARK_H
#define LOAD_MARK_H

/*
 * A fourth argument of libsandbox.so's seccomp(2), which has three: by it a
 * tracer knows that call from others of the kind, such as libseccomp's probes
 * of what the kernel can do. The kernel does not look at it.
 */
#define LOAD_MARK 0x73616e64626f78UL

/*
 * A second argument of the close(2) that the loader has the program make when
 * its filter has a listener: that call is not the program's, so the filter
 * asks about it (EvidenceGuard in Java), and the loader answers.
 */
#define CLOSE_MARK 0x5b0c0de5UL

#endif
