// SPDX-License-Identifier: Apache-2.0
/**
 * Reads a fleet on a cluster by Apache Spark, from whatever file system Hadoop knows. The command
 * starts {@link io.sandbox.fleet.spark.ReadFleet} by {@code spark-submit}.
 */
package io.sandbox.fleet.spark;
