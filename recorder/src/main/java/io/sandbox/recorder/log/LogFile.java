// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.LinesOfPart;
import java.io.Closeable;

/** An open file of any file system. For one thread. */
public interface LogFile extends LinesOfPart.File, Closeable {}
