// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the files of a rotated set in the order in which they were written. A shell expands {@code
 * audit.log*} with the newest first. auditd and logrotate number from the newest ({@code
 * audit.log.1}) or add a date ({@code syslog-20261124}), with or without compression.
 */
public final class RotatedLogs {
    /**
     * @param age the rotations since; 0 for the file that is still written
     * @param date the date of the rotation, in digits; empty if the name has none
     */
    private record Member(Path file, String set, long age, String date) {
        private static final Pattern ROTATED =
                Pattern.compile(
                        "(.+?)(?:\\.([0-9]{1,6})|-([0-9]{8}(?:-?[0-9]{1,10})?))?(?:\\.(?:gz|zst))?");

        /** Files with dates, then numbered files from the highest down, then the current file. */
        private static final Comparator<Member> OLDEST_FIRST =
                Comparator.comparing(Member::isCurrent)
                        .thenComparing(member -> member.date().isEmpty())
                        .thenComparing(Member::date)
                        .thenComparing(Comparator.comparingLong(Member::age).reversed());

        static Member of(Path file) {
            Path name = file.getFileName();
            Matcher rotated = ROTATED.matcher(name == null ? "" : name.toString());
            if (!rotated.matches()) {
                return new Member(file, file.toString(), 0, "");
            }
            Path folder = file.getParent();
            String set = (folder == null ? "" : folder) + "/" + rotated.group(1);
            long age = rotated.group(2) == null ? 0 : 1 + Long.parseLong(rotated.group(2));
            String date = rotated.group(3) == null ? "" : rotated.group(3).replace("-", "");
            return new Member(file, set, age, date);
        }

        boolean isCurrent() {
            return age == 0 && date.isEmpty();
        }
    }

    private RotatedLogs() {}

    /** The sorted files. Each set comes where its first file was; other files keep their place. */
    public static List<Path> inOrder(List<Path> files) {
        if (files.size() < 2) {
            return files;
        }
        Map<String, List<Member>> sets = new LinkedHashMap<>();
        for (Path file : files) {
            Member member = Member.of(file);
            sets.computeIfAbsent(member.set(), set -> new ArrayList<>()).add(member);
        }
        return sets.values().stream()
                .flatMap(set -> set.stream().sorted(Member.OLDEST_FIRST))
                .map(Member::file)
                .toList();
    }
}
