// SPDX-License-Identifier: Apache-2.0
/** The files of policies that users name, with what belongs to them. */
package io.sandbox.cli.policyfile;
