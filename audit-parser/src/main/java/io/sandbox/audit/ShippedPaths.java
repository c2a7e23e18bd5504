// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The members that log shippers have for the values of a record, and what each of them is. */
final class ShippedPaths {

    // What a member is: the ordinal of its field, or one of these.
    static final int ID = FieldKeys.COUNT;
    static final int TIME = ID + 1;
    static final int SERIAL = ID + 2;
    static final int SECONDS = ID + 3;
    static final int MESSAGE_TYPE = ID + 4;
    static final int ACTION = ID + 5;
    static final int HOST = ID + 6;
    static final int KINDS = ID + 7;

    /** Flags of what only one of the shippers has. */
    static final int OF_LAUREL = 1 << 8;

    static final int OF_OSQUERY = 1 << 9;
    static final int KIND = OF_LAUREL - 1;

    /** The longest path that is known is shorter. */
    static final int MAX_LENGTH = 64;

    /** The known paths of each length, and what each is. */
    private static final byte[][][] PATHS = new byte[MAX_LENGTH + 1][][];

    private static final int[][] KINDS_OF_PATHS = new int[MAX_LENGTH + 1][];

    /** For each length the different beginnings, up to a dot, of known paths. */
    private static final byte[][][] BEGINNINGS = new byte[MAX_LENGTH + 1][][];

    static {
        Map<String, Integer> known = new LinkedHashMap<>();
        known.put("ID", ID);
        known.put("@timestamp", TIME);
        known.put("auditd.sequence", SERIAL);
        known.put("columns.time", SECONDS);
        known.put("auditd.message_type", MESSAGE_TYPE);
        known.put("action", ACTION);
        known.put("NODE", HOST);
        known.put("host.name", HOST);
        known.put("hostIdentifier", HOST);
        known.put("auditd.session", RecordField.SES.ordinal());
        known.put("process.pid", RecordField.PID.ordinal());
        known.put("process.name", RecordField.COMM.ordinal());
        known.put("process.executable", RecordField.EXE.ordinal());
        known.put("process.exe", RecordField.EXE.ordinal());
        known.put("user.audit.id", RecordField.AUID.ordinal());
        known.put("user.auid", RecordField.AUID.ordinal());
        known.put("user.id", RecordField.UID.ordinal());
        known.put("user.uid", RecordField.UID.ordinal());
        known.put("user.group.id", RecordField.GID.ordinal());
        known.put("user.gid", RecordField.GID.ordinal());
        for (RecordField field : RecordField.values()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            known.put("SECCOMP." + name, field.ordinal() | OF_LAUREL);
            known.put("auditd.data." + name, field.ordinal());
            known.put("columns." + name, field.ordinal() | OF_OSQUERY);
        }
        Set<String> beginnings = new TreeSet<>();
        for (String path : known.keySet()) {
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                beginnings.add(path.substring(0, dot + 1));
            }
        }
        for (int length = 0; length <= MAX_LENGTH; length++) {
            List<String> paths = ofLength(length, known.keySet());
            PATHS[length] = paths.stream().map(AsciiBytes::ascii).toArray(byte[][]::new);
            KINDS_OF_PATHS[length] = paths.stream().mapToInt(known::get).toArray();
            BEGINNINGS[length] =
                    ofLength(length, beginnings).stream()
                            .map(AsciiBytes::ascii)
                            .toArray(byte[][]::new);
        }
    }

    private static List<String> ofLength(int length, Set<String> texts) {
        return texts.stream().filter(text -> text.length() == length).toList();
    }

    /** What the member with this path is, with its flag; -1 if nothing of a record. */
    static int kindOf(byte[] path, int length) {
        int index = indexIn(PATHS[length], path, length);
        return index < 0 ? -1 : KINDS_OF_PATHS[length][index];
    }

    /** Whether a known path begins so. */
    static boolean leadOn(byte[] path, int length) {
        return length <= MAX_LENGTH && indexIn(BEGINNINGS[length], path, length) >= 0;
    }

    private static int indexIn(byte[][] known, byte[] path, int length) {
        for (int i = 0; i < known.length; i++) {
            if (Arrays.equals(known[i], 0, length, path, 0, length)) {
                return i;
            }
        }
        return -1;
    }
}
