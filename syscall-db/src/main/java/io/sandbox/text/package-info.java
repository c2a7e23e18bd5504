// SPDX-License-Identifier: Apache-2.0
/** How a text that somebody else wrote is shown. */
package io.sandbox.text;
