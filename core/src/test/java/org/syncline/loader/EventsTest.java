/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.FreshJvm;

/** What a flight recording shows of a loader. */
@Tag("any-width")
class EventsTest {
  @Test
  void batchesAndReadsAreEvents(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("loader.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("org.syncline.Batch").withoutThreshold();
      recording.enable("org.syncline.Read").withoutThreshold();
      recording.start();
      try (ChunkLoader l = Fakes.chunks(new FakeSource("a", 40, 3), b -> b.batchSize(4))) {
        assertEquals(10, Fakes.epoch(l).size());
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    List<RecordedEvent> batches =
        events.stream()
            .filter(e -> e.getEventType().getName().equals("org.syncline.Batch"))
            .toList();
    assertEquals(10, batches.size());
    for (RecordedEvent e : batches) {
      assertEquals("a", e.getString("recording"));
      assertEquals(4, e.getInt("chunks"));
      assertEquals(4 * (24 + 48 + 16), e.getLong("bytes"));
    }
    long chunks =
        events.stream()
            .filter(e -> e.getEventType().getName().equals("org.syncline.Read"))
            .mapToLong(e -> e.getInt("chunks"))
            .sum();
    assertTrue(chunks >= 40, chunks + " chunks");
  }

  /** A loader before and after somebody starts a recording, in a JVM of its own. */
  public static final class LateRecording {
    private LateRecording() {}

    public static void main(String[] args) throws Exception {
      Path file = Path.of(args[0]);
      try (ChunkLoader l = Fakes.chunks(new FakeSource("a", 40, 3), b -> b.batchSize(4))) {
        for (int i = 0; i < 4; i++) {
          l.next().close();
        }
        if (FlightRecorder.getFlightRecorder().getEventTypes().stream()
            .anyMatch(t -> t.getName().startsWith("org.syncline"))) {
          throw new AssertionError("events were loaded though nobody records");
        }
        try (Recording recording = new Recording()) {
          recording.enable("org.syncline.Batch").withoutThreshold();
          recording.start();
          for (int i = 0; i < 6; i++) {
            l.next().close();
          }
          recording.stop();
          recording.dump(file);
        }
      }
      long batches =
          RecordingFile.readAllEvents(file).stream()
              .filter(e -> e.getEventType().getName().equals("org.syncline.Batch"))
              .count();
      if (batches != 6) {
        throw new AssertionError(batches + " batches");
      }
    }
  }

  @Test
  void eventsAreLoadedOnceSomebodyRecords(@TempDir Path folder) throws Exception {
    FreshJvm.run(LateRecording.class, folder.resolve("late.jfr").toString());
  }
}
