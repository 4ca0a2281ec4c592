/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import jdk.jfr.FlightRecorder;

/**
 * Makes events of flight recordings, where somebody records. To load an event class starts the
 * flight recorder, a tenth of a second in front of the first batch: that is left to callers that
 * ask for a recording.
 */
final class Events {
  private Events() {}

  private static final class Reads {
    static final ReadEvent PROBE = new ReadEvent();
  }

  private static final class Batches {
    static final BatchEvent PROBE = new BatchEvent();
  }

  /** Returns an event that has begun, or null where reads are not recorded. */
  static ReadEvent read() {
    if (!FlightRecorder.isInitialized() || !Reads.PROBE.isEnabled()) {
      return null;
    }
    ReadEvent event = new ReadEvent();
    event.begin();
    return event;
  }

  /** Returns an event that has begun, or null where batches are not recorded. */
  static BatchEvent batch() {
    if (!FlightRecorder.isInitialized() || !Batches.PROBE.isEnabled()) {
      return null;
    }
    BatchEvent event = new BatchEvent();
    event.begin();
    return event;
  }
}
