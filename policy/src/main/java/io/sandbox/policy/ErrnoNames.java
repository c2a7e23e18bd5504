// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The names of errno.h, with the numbers of asm-generic/errno.h, which x86 and ARM have. No other
 * architecture that we make filters for differs.
 */
public final class ErrnoNames {
    /** By number from 1 on. A dash means no name, and a slash separates two names. */
    private static final String TABLE =
            """
            EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD
            EAGAIN/EWOULDBLOCK ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV ENOTDIR
            EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS
            EMLINK EPIPE EDOM ERANGE EDEADLK/EDEADLOCK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY ELOOP
            - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI
            EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT - EBFONT ENOSTR
            ENODATA ETIME ENOSR ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM
            EPROTO EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD
            ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE
            EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP/ENOTSUP EPFNOSUPPORT
            EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN
            ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN
            ETOOMANYREFS ETIMEDOUT
            ECONNREFUSED EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL
            EISNAM
            EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED
            EKEYREJECTED EOWNERDEAD
            ENOTRECOVERABLE ERFKILL EHWPOISON
            """;

    /** Index 0 is errno 1. */
    private static final String[] NAMES = TABLE.split("\\s+");

    private ErrnoNames() {}

    /** The number of a name, which must be in capitals. */
    public static OptionalInt numberOf(String name) {
        for (int i = 0; i < NAMES.length; i++) {
            for (String one : NAMES[i].split("/")) {
                if (one.equals(name) && !name.equals("-")) {
                    return OptionalInt.of(i + 1);
                }
            }
        }
        return OptionalInt.empty();
    }

    /** The name of a number; the usual one if it has two. */
    public static Optional<String> nameOf(int number) {
        return number < 1 || number > NAMES.length || NAMES[number - 1].equals("-")
                ? Optional.empty()
                : Optional.of(NAMES[number - 1].split("/")[0]);
    }

    public static String nameOrNumber(int number) {
        return nameOf(number).orElse(Integer.toString(number));
    }
}
