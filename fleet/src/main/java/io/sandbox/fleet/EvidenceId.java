// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import java.io.Serializable;

/**
 * Is equal for equal evidence of a host, and different for other evidence: two sums with different
 * factors. They are made from the content, so that a run cannot take the place of another that has
 * its id. They need not withstand attackers, who could only hide what they send themselves; for the
 * calls of a short log, SHA-256 takes as long as to read it.
 */
record EvidenceId(long one, long other) implements Serializable {
    /** Takes what the evidence consists of, one after the other. */
    static final class Sum {
        private long one = 1;
        private long other = 2;

        Sum add(long value) {
            one = (one ^ value) * 0x9e3779b97f4a7c15L;
            one ^= one >>> 32;
            other = (other + value) * 0xc2b2ae3d27d4eb4fL;
            other ^= other >>> 29;
            return this;
        }

        Sum add(String text) {
            add(text.length());
            for (int i = 0; i < text.length(); i++) {
                add(text.charAt(i));
            }
            return this;
        }

        EvidenceId id() {
            return new EvidenceId(one, other);
        }
    }
}
