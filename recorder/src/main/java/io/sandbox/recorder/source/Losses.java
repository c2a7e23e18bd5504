// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import java.util.List;

/**
 * What a source knows to be missing.
 *
 * @param count records lost for certain; 0 when none is known of
 * @param causes one sentence for each sign of loss, empty exactly when nothing was lost
 */
public record Losses(long count, List<String> causes) {
    public Losses {
        causes = List.copyOf(causes);
        if (count < 0 || (count > 0 && causes.isEmpty())) {
            throw new IllegalArgumentException("a loss needs a cause: " + count);
        }
    }
}
