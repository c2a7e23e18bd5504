// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import io.sandbox.enforcer.launch.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;

/**
 * What /proc says about the process that makes a call. Its number may have been reused: whether it
 * is the caller's must be found out afterwards.
 *
 * @param process the thread group
 * @param diesOfSigsys whether SIGSYS would end it: neither blocked nor caught nor ignored
 * @param executable its path; empty where we may not see it
 * @param origin where its code is that makes the call; empty where it cannot be known
 */
public record Caller(
        int process, boolean diesOfSigsys, Optional<String> executable, Optional<Origin> origin) {
    /**
     * @param instruction an address in the thread's code
     */
    public static Caller query(int thread, long instruction) {
        ProcessStatus status = ProcessStatus.query(thread);
        return new Caller(
                status.process().orElse(thread),
                status.diesOf(Signals.SIGSYS),
                ProcessStatus.queryExecutable(thread),
                ProcessMaps.parseOrigin(queryMaps(thread), instruction));
    }

    /** None if it may not be read, or is gone. */
    private static String queryMaps(int thread) {
        try {
            return Files.readString(
                    ProcessStatus.directory(thread).resolve("maps"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
