/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.ChunkDataset;
import org.syncline.ChunkReader;
import org.syncline.ReadOptions;
import org.syncline.StageCounters;
import org.syncline.array.TensorSpec;
import org.syncline.config.DatasetConfig;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/** Files are asked for before their batch, in the order in which batches come. */
@Timeout(120)
class LookaheadTest {
  @TempDir Path folder;

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /** Notes what is asked for, and by which reader. */
  private final class Asking implements ChunkReader {
    private final String key;
    private final ChunkReader inner;

    Asking(String key, ChunkReader inner) {
      this.key = key;
      this.inner = inner;
    }

    @Override
    public List<TensorSpec> layout() {
      return inner.layout();
    }

    @Override
    public void read(int index, MemorySegment[] segments, long[] offsets) {
      inner.read(index, segments, offsets);
    }

    @Override
    public void readAt(double start, MemorySegment[] segments, long[] offsets) {
      inner.readAt(start, segments, offsets);
    }

    @Override
    public long willNeed(int index) {
      asked.add(key + " " + index);
      return 1_000;
    }

    @Override
    public StageCounters counters() {
      return inner.counters();
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private FakeSource source(String key, int length) {
    return new FakeSource(key, length, 3) {
      @Override
      public ChunkReader reader(ReadOptions options) {
        return new Asking(key, super.reader(options));
      }
    };
  }

  private static List<Fakes.Seen> epochs(BatchLoader loader) throws InterruptedException {
    List<Fakes.Seen> seen = new ArrayList<>(Fakes.epoch(loader));
    seen.addAll(Fakes.epoch(loader));
    return seen;
  }

  @Test
  void whatComesNextIsAskedForOnceAndChangesNothing() throws Exception {
    for (Cycle cycle : Cycle.values()) {
      List<FakeSource> sources = List.of(source("a", 50), source("b", 80), source("c", 34));
      List<Fakes.Seen> expected;
      try (SessionLoader l =
          Fakes.sessions(sources, cycle, b -> b.batchSize(4).shuffle(true).seed(5L).lookahead(0))) {
        expected = epochs(l);
        assertEquals(0, l.statistics().lookaheadBytes());
      }
      assertTrue(asked.isEmpty());
      sources = List.of(source("a", 50), source("b", 80), source("c", 34));
      try (SessionLoader l =
          Fakes.sessions(
              sources,
              cycle,
              b -> {
                b.batchSize(4).shuffle(true).seed(5L).threads(1).prefetch(1).lookahead(12_000);
                b.options.assumeCold = true;
              })) {
        assertEquals(expected, epochs(l), cycle.name());
        // the worker may be a batch into the third epoch
        assertTrue(l.statistics().lookaheadBytes() >= 1_000L * asked.size() - 12_000);
      }
      // chunks that an epoch reads, of recordings that were open when their batch was asked for
      Set<String> read = new HashSet<>();
      for (Fakes.Seen s : expected) {
        s.indices().forEach(i -> read.add(s.session() + " " + i));
      }
      List<String> all = List.copyOf(asked);
      assertTrue(read.containsAll(all), cycle.name());
      assertTrue(all.size() > expected.size(), cycle + ": " + all.size());
      // two whole epochs, a batch of the third, and none twice in one but for passes that repeat
      if (cycle != Cycle.LONG) {
        assertTrue(all.size() <= 2 * 164 + 12, cycle + ": " + all.size());
      }
      asked.clear();
    }
  }

  @Test
  void aRecordingAsksForItsMapsAndNotForWhatIsInMemory() {
    Recording recording = Recordings.defaultConfig(folder.resolve("r"), 1).seconds(40).write();
    for (boolean cache : new boolean[] {false, true}) {
      String config =
          cache
              ? recording.configText().replaceFirst("\\{", "{\"cache_data\":true,")
              : recording.configText();
      try (ChunkDataset dataset =
              ChunkDataset.open(recording.folder(), DatasetConfig.parse(config, "test"));
          ChunkReader reader = dataset.reader(ReadOptions.DEFAULT)) {
        long bytes = reader.willNeed(0) + reader.willNeed(dataset.length() - 1);
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        assertEquals(linux && !cache, bytes > 0, "bytes asked for: " + bytes);
      }
    }
  }
}
