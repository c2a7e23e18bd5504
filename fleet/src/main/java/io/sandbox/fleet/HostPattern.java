// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the name of a host out of the path of its file, by a pattern such as {@code logs/{host}/*}:
 * {@code {host}} stands for the name, a star for any part of a name, and two stars for any folders.
 * The pattern must fit the end of the path, and all of it that the user has not named: a host may
 * be able to make folders in its own.
 */
public final class HostPattern implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final String HOST = "{host}";

    private final Pattern pattern;

    private HostPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Throws {@link IllegalArgumentException} if the pattern does not say where the host is. */
    public static HostPattern parse(String text) {
        int at = text.indexOf(HOST);
        if (at < 0 || text.indexOf(HOST, at + 1) >= 0) {
            throw new IllegalArgumentException("needs {host} once, as in logs/{host}/*");
        }
        String before = regex(text.substring(0, at));
        String behind = regex(text.substring(at + HOST.length()));
        return new HostPattern(Pattern.compile("(.*?/)??" + before + "([^/]+?)" + behind));
    }

    private static String regex(String text) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (text.charAt(i) == '*') {
                regex.append("[^/]*");
            } else {
                regex.append(Pattern.quote(text.substring(i, i + 1)));
            }
        }
        return regex.toString();
    }

    /** The host of a file that the user has named; empty if the pattern does not fit its path. */
    public Optional<String> hostOf(String file) {
        return hostOf(file, file.length());
    }

    /**
     * The host of a file; empty if the pattern does not fit its path.
     *
     * @param named how much of the path the user has named: the folder in which the file was found
     */
    Optional<String> hostOf(String file, int named) {
        Matcher matcher = pattern.matcher(file);
        // This is the match with the shortest beginning that the pattern does not say.
        return matcher.matches() && matcher.end(1) <= named + 1
                ? Optional.of(matcher.group(2))
                : Optional.empty();
    }
}
