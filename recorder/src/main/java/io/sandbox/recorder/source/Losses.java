// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import java.util.List;

/**
 * What a source knows to be lost.
 *
 * @param count how many records are certainly lost; 0 if none is known
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
