// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.output.Styled;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SyscallScreenTest {
    private static final SyscallDb DB = SyscallDb.get();

    private static String screen(String name) {
        return SyscallScreen.of(DB, DB.facts(name).orElseThrow(), new Styled(false));
    }

    @Test
    void of_everyCall_fitsOnAScreenOf80By24() {
        for (SyscallFacts facts : DB.allFacts()) {
            List<String> lines = screen(facts.name()).lines().toList();
            assertTrue(lines.size() <= 24, () -> facts.name() + ": " + lines.size() + " lines");
            for (String line : lines) {
                assertTrue(line.length() <= 80, line);
                assertEquals(line.stripTrailing(), line);
            }
        }
    }

    @Test
    void of_openat_saysAllThatIsKnown() {
        assertEquals(
                """
                openat(dfd, filename, flags, mode)
                since       Linux 2.6.16
                risk        medium, files (our judgement)
                            opens files and may create or empty them: compare the flags
                groups      @file-system @system-service
                io_uring    IORING_OP_OPENAT: does the same unseen by filters
                numbers     x86_64      257        s390        288        mips64      5247
                            x32         1073742081 s390x       288        mipsel64    5247
                            i386        295        riscv32     56         mips64n32   6251
                            aarch64     56         riscv64     56         mipsel64n32 6251
                            arm         322        loongarch64 56         parisc      275
                            ppc         286        m68k        288        parisc64    275
                            ppc64       286        mips        4288       sh          295
                            ppc64le     286        mipsel      4288       sheb        295
                """,
                screen("openat"));
    }

    @Test
    void of_callWithoutCode_saysSo() {
        assertTrue(screen("afs_syscall").contains("\ncode        none in today's kernel"));
        assertTrue(screen("set_thread_area").contains("\nno code on  x86_64\n"));
    }

    @Test
    void of_ioUring_saysThatNoFilterSeesIt() {
        assertTrue(screen("io_uring_enter").contains("passes no filter"));
    }
}
