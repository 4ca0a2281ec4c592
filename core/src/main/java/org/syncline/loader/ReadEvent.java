/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A worker's reading of a run of chunks. */
@Name("org.syncline.Read")
@Label("Read Chunks")
@Description("A worker reads chunks of a batch into its slot")
@Category("Syncline")
@StackTrace(false)
final class ReadEvent extends Event {
  @Label("Recording")
  String recording;

  @Label("Epoch")
  long epoch;

  @Label("Position")
  int position;

  @Label("First Chunk")
  int first;

  @Label("Chunks")
  int chunks;

  @Label("Bytes")
  @DataAmount
  long bytes;
}
