// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import io.sandbox.outcome.Signals;
import io.sandbox.syscalldb.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;

/**
 * What /proc says about the process that makes a call. The number may belong to another process by
 * now, so afterwards check that the caller still waits.
 *
 * @param process the thread group
 * @param diesOfSigsys whether SIGSYS would end it: neither blocked nor caught nor ignored
 * @param executable its path; empty if we may not see it
 * @param origin which code makes the call; empty if unknown
 */
public record Caller(
        int process, boolean diesOfSigsys, Optional<String> executable, Optional<Origin> origin) {
    /** {@code instruction}: an address in the thread's code. */
    public static Caller query(int thread, long instruction) {
        ProcessStatus status = ProcessStatus.query(thread);
        return new Caller(
                status.process().orElse(thread),
                status.diesOf(Signals.SIGSYS),
                ProcessStatus.queryExecutable(thread),
                ProcessMaps.parseOrigin(queryMaps(thread), instruction));
    }

    /** Empty if the file is gone or may not be read. */
    private static String queryMaps(int thread) {
        try {
            return Files.readString(
                    ProcessStatus.directory(thread).resolve("maps"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
