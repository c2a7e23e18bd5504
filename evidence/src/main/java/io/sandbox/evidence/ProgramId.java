// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.io.Serializable;

/**
 * What tells programs apart in evidence. They sort by path, then by architecture.
 *
 * @param executable its path; empty if the evidence does not tell it
 */
public record ProgramId(String executable, int auditArch)
        implements Comparable<ProgramId>, Serializable {
    @Override
    public int compareTo(ProgramId other) {
        int byPath = executable.compareTo(other.executable);
        return byPath != 0 ? byPath : Integer.compareUnsigned(auditArch, other.auditArch);
    }
}
