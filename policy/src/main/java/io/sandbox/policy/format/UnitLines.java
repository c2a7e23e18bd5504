// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.NoteLines;
import io.sandbox.policy.document.PolicyFormatException;
import java.util.List;

/** Reads the settings of a unit file (systemd.syntax(7)). */
final class UnitLines {
    /** Takes a setting. */
    interface Taker {
        /**
         * @param line the line where the setting begins
         * @param value the value without blanks around it; empty if there is none
         */
        void take(int line, String key, String value);
    }

    private UnitLines() {}

    /**
     * @param comments gets the lines that begin with # or ;
     * @throws PolicyFormatException for a line that is neither a section, a setting nor a comment
     */
    static void forEach(String text, NoteLines comments, Taker taker) {
        List<String> lines = text.lines().toList();
        StringBuilder setting = new StringBuilder();
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.startsWith("#") || line.startsWith(";")) {
                comments.take("#" + line.substring(1)); // a comment may even split a setting
                continue;
            }
            if (setting.isEmpty()) {
                start = i + 1;
            }
            boolean goesOn = line.endsWith("\\");
            setting.append(goesOn ? line.substring(0, line.length() - 1) + " " : line);
            if (!goesOn || i == lines.size() - 1) {
                take(start, setting.toString().strip(), taker);
                setting.setLength(0);
            }
        }
    }

    private static void take(int line, String setting, Taker taker) {
        if (setting.isEmpty() || setting.startsWith("[") && setting.endsWith("]")) {
            return;
        }
        int equals = setting.indexOf('=');
        if (equals <= 0) {
            throw PolicyFormatException.at(line, "neither a section nor a setting");
        }
        taker.take(
                line, setting.substring(0, equals).strip(), setting.substring(equals + 1).strip());
    }
}
