/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.syncline.array.TensorSpec;
import org.syncline.read.Counters;
import org.syncline.read.Entries;
import org.syncline.read.PlanReader;
import org.syncline.text.Printable;

/** Reads a dataset's chunks by index, which a plan's reader knows by start time alone. */
final class DatasetReader implements ChunkReader {
  private final ChunkDataset dataset;
  private final List<TensorSpec> layout;
  private final Entries entries;
  private final PlanReader reader;
  private final StageCounters counters;

  DatasetReader(ChunkDataset dataset, List<TensorSpec> layout, PlanReader reader) {
    this.dataset = dataset;
    this.layout = layout;
    entries = new Entries(layout);
    this.reader = reader;
    counters = new Counted(reader.counters());
  }

  @Override
  public List<TensorSpec> layout() {
    return layout;
  }

  /** Returns the recording and what is read of it. */
  @Override
  public String toString() {
    return "ChunkReader(" + Printable.message(dataset.root().toString()) + ": " + entries + ")";
  }

  @Override
  public void read(int index, MemorySegment[] segments, long[] offsets) {
    reader.readAt(dataset.startOf(index), segments, offsets);
  }

  @Override
  public void readAt(double start, MemorySegment[] segments, long[] offsets) {
    reader.readAt(start, segments, offsets);
  }

  @Override
  public long willNeed(int index) {
    return reader.willNeedAt(dataset.startOf(index));
  }

  @Override
  public long willNeedAt(double start) {
    return reader.willNeedAt(start);
  }

  @Override
  public void openFilesAt(double start) {
    reader.openFilesAt(start);
  }

  @Override
  public StageCounters counters() {
    return counters;
  }

  @Override
  public void close() {
    reader.close();
  }

  private record Counted(Counters counters) implements StageCounters {
    /** Returns chunks and bytes. */
    @Override
    public String toString() {
      return "StageCounters(" + chunks() + " chunks, " + bytesWritten() + " bytes)";
    }

    @Override
    public long chunks() {
      return counters.chunks();
    }

    @Override
    public long screenNanos() {
      return counters.screenNanos();
    }

    @Override
    public long sequenceNanos() {
      return counters.sequenceNanos();
    }

    @Override
    public long bytesWritten() {
      return counters.bytesWritten();
    }

    @Override
    public long replacedNaNs() {
      return counters.replacedNaNs();
    }
  }
}
