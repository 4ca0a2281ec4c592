/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.syncline.ChunkDataset;
import org.syncline.ChunkReader;
import org.syncline.ReadOptions;
import org.syncline.array.ElementType;
import org.syncline.array.TensorSpec;
import org.syncline.config.DatasetConfig;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/**
 * One chunk, or a batch of 16, of each benchmark shape, by one thread into memory that is used
 * again and again.
 */
final class ChunkCases {
  /** Property with the folder of the generated recordings, which later runs find again. */
  static final String DATA_PROPERTY = "syncline.bench.data";

  static final List<String> SHAPES = List.of("M", "M8", "S", "B", "I", "E", "P");
  static final int BATCH = 16;

  private ChunkCases() {}

  static Map<String, KernelCases.Maker> all(int chunks) {
    Map<String, KernelCases.Maker> cases = new LinkedHashMap<>();
    for (String shape : SHAPES) {
      cases.put("shape " + shape, (arena, n) -> new Reading(arena, shape, chunks));
    }
    return cases;
  }

  /** Opens a recording of a shape with the shape's configuration. */
  static ChunkDataset open(String shape) {
    Path root = recording(shape);
    return ChunkDataset.open(
        root, DatasetConfig.read(root.resolveSibling(root.getFileName() + ".json")));
  }

  /**
   * Returns the folder of a shape's recording, made when it is not there: a minute of it, with few
   * distinct stimuli.
   */
  static synchronized Path recording(String shape) {
    String stored = shape.equals("M8") ? "M" : shape;
    try {
      Path folder = data().resolve(stored);
      Path config = folder.resolveSibling(stored + ".json");
      if (Files.exists(config)) {
        return folder;
      }
      Recordings recordings = Recordings.shape(stored, folder, 1).seconds(60);
      if (!stored.equals("E")) {
        recordings.distinctStimuli(stored.equals("I") ? 40 : stored.equals("B") ? 1 : 3);
      } else {
        recordings.spikes(500, 1_000_000);
      }
      if (stored.equals("I")) {
        recordings.tiers(4, 0.2);
      }
      Recording written = recordings.write();
      written.config().put("short_chunks", "skip");
      // last: a recording without it is not complete
      Files.writeString(config, written.configText());
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the folder of what is generated. */
  static Path data() {
    String folder = System.getProperty(DATA_PROPERTY, "");
    return folder.isEmpty()
        ? Path.of(System.getProperty("java.io.tmpdir"), "syncline-bench")
        : Path.of(folder);
  }

  static ReadOptions options(String shape) {
    return shape.equals("M8")
        ? ReadOptions.builder().type("screen", ElementType.UINT8).build()
        : ReadOptions.DEFAULT;
  }

  /** Bytes of the files that one chunk needs, each once. */
  static long inputBytes(String shape) {
    long responses = 16L * 7_863 * 4;
    long others = 40L * 4 * 8 + 60 * 8;
    return switch (shape) {
      case "S" -> 60L * 36 * 64 + responses + others;
      case "B" -> 60L * 480 * 640 + responses + others;
      // an image is held for 15 samples, a blank for 3
      case "I" -> 4L * 144 * 256 + responses + others;
      case "E" -> Scattered.LINES_BYTES;
      case "P" -> 60L * 144 * 256 + 17L * 10_770 * 4 + others;
      default -> 60L * 144 * 256 + responses + others;
    };
  }

  /**
   * The lines of the cache that a chunk of shape E needs, which lie all over its files: of each
   * unit the spikes of two seconds and those that a search in halves for both ends looks at, of
   * each sample two rows of the LFP. The roofline reads each of them once, those of another chunk
   * each time, as ours does.
   */
  private static final class Scattered {
    private static final int UNITS = 500;
    private static final int SPIKES = 1_000_000 / UNITS;
    private static final int SECONDS = 60;
    private static final int LFP_ROW = 40 * 4;
    private static final int STARTS = 64;
    private static final int LINE = 64;

    /** Bytes of the lines of one chunk, on average. */
    static final long LINES_BYTES = bytes();

    private final MemorySegment data;
    private final MemorySegment[] lines = new MemorySegment[STARTS];
    private int next;

    Scattered(Arena arena) {
      data = arena.allocate(8L * UNITS * SPIKES + SECONDS * 1_000L * LFP_ROW + LINE, LINE);
      data.fill((byte) 1);
      for (int k = 0; k < STARTS; k++) {
        long[] of = lines(k);
        lines[k] = arena.allocate(8L * of.length, LINE);
        MemorySegment.copy(of, 0, lines[k], ValueLayout.JAVA_LONG, 0, of.length);
      }
    }

    private static long bytes() {
      long all = 0;
      for (int k = 0; k < STARTS; k++) {
        all += LINE * (long) lines(k).length;
      }
      return all / STARTS;
    }

    /** Spikes are taken to be as dense everywhere. */
    private static long[] lines(int k) {
      double start = (SECONDS - 3) * (k * 0.618 % 1);
      Set<Long> found = new LinkedHashSet<>();
      for (int u = 0; u < UNITS; u++) {
        int low = (int) (start / SECONDS * SPIKES);
        int high = (int) ((start + 2) / SECONDS * SPIKES);
        search(found, u, low);
        search(found, u, high);
        for (int i = low; i <= high; i++) {
          found.add((u * (long) SPIKES + i) * 8 / LINE);
        }
      }
      for (int i = 0; i < 60; i++) {
        long row = 8L * UNITS * SPIKES + (long) ((start + i / 30.0) * 1_000) * LFP_ROW;
        for (long at = row; at < row + 2 * LFP_ROW; at += 4) {
          found.add(at / LINE);
        }
      }
      return found.stream().mapToLong(Long::longValue).toArray();
    }

    private static void search(Set<Long> found, int unit, int target) {
      int low = 0;
      int high = SPIKES;
      while (low < high) {
        int middle = (low + high) >>> 1;
        found.add((unit * (long) SPIKES + middle) * 8 / LINE);
        if (middle < target) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
    }

    long read() {
      MemorySegment of = lines[next++ % STARTS];
      return Reference.readLines(data, of, of.byteSize() / 8);
    }
  }

  private static final class Reading extends KernelCase {
    /** What the roofline of a chunk reads, elsewhere each time as ours does: twice a last level. */
    private static final MemorySegment ELSEWHERE =
        Arena.global().allocate(64L << 20, 4096).fill((byte) 1);

    private long elsewhere;
    private final ChunkDataset dataset;
    private final ChunkReader reader;
    private final int chunks;
    private final MemorySegment[][] segments;
    private final long[] offsets;
    private final SplittableRandom random = new SplittableRandom(3);
    private final Scattered scattered;

    Reading(Arena arena, String shape, int chunks) {
      this(arena, ChunkCases.open(shape), shape, chunks);
    }

    private Reading(Arena arena, ChunkDataset dataset, String shape, int chunks) {
      this(arena, dataset, dataset.reader(options(shape)), shape, chunks);
    }

    private Reading(
        Arena arena, ChunkDataset dataset, ChunkReader reader, String shape, int chunks) {
      super(arena, chunks, chunks * inputBytes(shape), chunks * chunkBytes(reader), 0);
      this.dataset = dataset;
      this.reader = reader;
      this.chunks = chunks;
      segments = new MemorySegment[chunks][];
      long at = 0;
      for (int k = 0; k < chunks; k++) {
        segments[k] = new MemorySegment[reader.layout().size()];
        for (int e = 0; e < segments[k].length; e++) {
          long bytes = reader.layout().get(e).bytes();
          segments[k][e] = dst.asSlice(at, bytes);
          at += aligned(bytes);
        }
      }
      offsets = new long[reader.layout().size()];
      scattered = shape.equals("E") && Reference.available() ? new Scattered(arena) : null;
    }

    @Override
    void floor() {
      if (scattered == null && bytesRead > ELSEWHERE.byteSize() / 4) {
        super.floor();
        return;
      }
      Reference.fill(dst, bytesWritten / Float.BYTES);
      if (scattered == null) {
        elsewhere = elsewhere + 2 * bytesRead > ELSEWHERE.byteSize() ? 0 : elsewhere + bytesRead;
        read ^= Reference.read(ELSEWHERE.asSlice(elsewhere, bytesRead), bytesRead);
        return;
      }
      for (int k = 0; k < chunks; k++) {
        read ^= scattered.read();
      }
    }

    @SuppressWarnings("unused") // keeps the reads from being optimised away
    private volatile long read;

    private static long aligned(long bytes) {
      return (bytes + 63) & -64;
    }

    private static long chunkBytes(ChunkReader reader) {
      long bytes = 0;
      for (TensorSpec spec : reader.layout()) {
        bytes += aligned(spec.bytes());
      }
      return bytes;
    }

    @Override
    void ours() {
      for (int k = 0; k < chunks; k++) {
        reader.read(random.nextInt(dataset.length()), segments[k], offsets);
      }
    }

    @Override
    boolean hasC() {
      return false;
    }

    @Override
    void c(MemorySegment out) {}

    /** Reads the same chunk by the other way through the interface, and compares. */
    @Override
    String difference() {
      int index = dataset.length() / 2;
      reader.read(index, segments[0], offsets);
      if (reader.layout().stream().anyMatch(s -> s.type() == ElementType.UINT8)) {
        return null;
      }
      try (org.syncline.Chunk chunk = dataset.item(index)) {
        for (int e = 0; e < segments[0].length; e++) {
          TensorSpec spec = reader.layout().get(e);
          MemorySegment other =
              (spec.timestamps() ? chunk.timestamps() : chunk.values()).get(spec.key()).data();
          if (segments[0][e].mismatch(other) >= 0) {
            return spec.key() + " differs from ChunkDataset.item";
          }
        }
      }
      return null;
    }

    @Override
    public void close() {
      reader.close();
      dataset.close();
    }
  }
}
