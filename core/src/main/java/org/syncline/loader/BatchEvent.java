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

/** A consumer's waiting for a batch. */
@Name("org.syncline.Batch")
@Label("Batch")
@Description("A consumer takes a batch; the duration is what it waited")
@Category("Syncline")
@StackTrace(false)
final class BatchEvent extends Event {
  @Label("Recording")
  String recording;

  @Label("Epoch")
  long epoch;

  @Label("Position")
  int position;

  @Label("Chunks")
  int chunks;

  @Label("Bytes")
  @DataAmount
  long bytes;

  @Label("Batches Ready")
  int ready;
}
