// SPDX-License-Identifier: Apache-2.0
package io.sandbox.reach.code;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of functions of C++ and Rust as people write them. libstdc++ knows how (__cxa_demangle of
 * the Itanium C++ ABI); Java needs it too, so it is there. Without it, and for names of any other
 * form, such as those of Rust that begin with {@code _R}, a name stays as it is.
 */
public final class Demangler {
    /** Longer names are not for people, and a file can have any. */
    private static final int LONGEST = 2000;

    /** References of a name to its own parts. Each can double the text. */
    private static final Pattern REFERENCE = Pattern.compile("[ST][0-9A-Z]*_");

    /** So the text of a hostile name has some megabytes at most. */
    private static final int MOST_REFERENCES = 24;

    /** Rust's older form ends with a hash, and writes some characters as names. */
    private static final Pattern RUST = Pattern.compile("(.*)::h[0-9a-f]{16}");

    private static final Pattern ESCAPE = Pattern.compile("\\$(?:u([0-9a-f]{2})|([A-Z]{1,2}))\\$");

    private Demangler() {}

    /** Loaded only if there is a name for it. */
    private static final class Library {
        private static final Function DEMANGLE = load();

        private static Function load() {
            try {
                return NativeLibrary.getInstance("libstdc++.so.6").getFunction("__cxa_demangle");
            } catch (LinkageError e) {
                return null;
            }
        }
    }

    public static String readable(String name) {
        boolean usual =
                name.startsWith("_Z")
                        && name.length() <= LONGEST
                        && REFERENCE.matcher(name).results().count() <= MOST_REFERENCES;
        if (!usual || Library.DEMANGLE == null) {
            return name;
        }
        Object[] arguments = {name, Pointer.NULL, Pointer.NULL, new IntByReference()};
        Pointer result = Library.DEMANGLE.invokePointer(arguments);
        if (result == null) {
            return name;
        }
        try {
            String text = result.getString(0, "UTF-8");
            Matcher rust = RUST.matcher(text);
            return rust.matches() ? ofRust(rust.group(1)) : text;
        } finally {
            Native.free(Pointer.nativeValue(result));
        }
    }

    private static String ofRust(String text) {
        return ESCAPE.matcher(text.replace("_$", "$").replace("..", "::"))
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        character(found.group(1), found.group(2))));
    }

    private static String character(String code, String word) {
        if (code != null) {
            return String.valueOf((char) Integer.parseInt(code, 16));
        }
        return switch (word) {
            case "LT" -> "<";
            case "GT" -> ">";
            case "LP" -> "(";
            case "RP" -> ")";
            case "RF" -> "&";
            case "BP" -> "*";
            case "SP" -> "@";
            case "C" -> ",";
            default -> "$" + word + "$";
        };
    }
}
