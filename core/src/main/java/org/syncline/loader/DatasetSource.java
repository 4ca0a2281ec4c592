/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.syncline.ChunkDataset;
import org.syncline.ChunkReader;
import org.syncline.ReadOptions;
import org.syncline.array.TensorSpec;
import org.syncline.config.ModalityConfig;
import org.syncline.device.Columns;
import org.syncline.error.RecordingException;
import org.syncline.format.Statistics;

/** A chunk dataset as a source of chunks. */
final class DatasetSource implements ChunkSource {
  private final ChunkDataset dataset;
  private final boolean owned;
  private final double[] ownStarts;
  private String fingerprint;

  /** Wraps a dataset; {@code owned} says whether close closes it. */
  DatasetSource(ChunkDataset dataset, boolean owned) {
    this.dataset = dataset;
    this.owned = owned;
    // a dataset of the caller's may have been shuffled, and may be again while the loader runs
    ownStarts = owned ? null : dataset.startTimes();
  }

  private String suffix(double[] starts) {
    double[] all = dataset.fullValidSampleTimes(true);
    int stride = stride();
    boolean natural = starts.length == (all.length + stride - 1) / stride;
    for (int i = 0; natural && i < starts.length; i++) {
      natural = starts[i] == all[i * stride];
    }
    return natural ? "" : "-" + Integer.toHexString(Arrays.hashCode(starts));
  }

  @Override
  public double[] ownStarts() {
    return ownStarts;
  }

  @Override
  public String key() {
    return dataset.dataKey();
  }

  @Override
  public Path root() {
    return dataset.root();
  }

  @Override
  public int length() {
    return ownStarts == null ? dataset.length() : ownStarts.length;
  }

  @Override
  public List<String> devices() {
    return dataset.deviceNames();
  }

  @Override
  public List<TensorSpec> layout(ReadOptions options) {
    return dataset.layout(options);
  }

  @Override
  public Map<String, List<String>> categories(ReadOptions options) {
    return dataset.categories(dataset.layout(options));
  }

  @Override
  public ChunkReader reader(ReadOptions options) {
    return dataset.reader(options);
  }

  @Override
  public synchronized String fingerprint() {
    // made when somebody asks: hashing what it is made of takes 30 ms of a process that begins
    if (fingerprint == null) {
      fingerprint = owned ? dataset.fingerprint() : dataset.fingerprint() + suffix(ownStarts);
    }
    return fingerprint;
  }

  @Override
  public Map<String, String> identity() {
    return dataset.identity();
  }

  @Override
  public Map<String, String> storedValues() {
    return dataset.storedValues();
  }

  @Override
  public Set<String> normalised() {
    Set<String> all = new HashSet<>(dataset.statistics().keySet());
    dataset
        .config()
        .modalities()
        .forEach(
            (name, config) -> {
              if (config.interpolation().normalize()) {
                all.add(name);
              }
            });
    return all;
  }

  @Override
  public long[] units(String device) {
    Optional<Columns> columns = dataset.experiment().device(device).columns();
    Path folder = dataset.root().resolve(device);
    if (columns.isEmpty() || !Files.exists(Statistics.file(folder, "unit_ids"))) {
      return null;
    }
    try {
      long[] ids = Statistics.unitIds(folder, columns.get().stored());
      return Arrays.stream(columns.get().indices()).mapToLong(i -> ids[i]).toArray();
    } catch (RecordingException _) {
      return null; // opening has said what is wrong with those that it needs
    }
  }

  @Override
  public int stride() {
    ModalityConfig lead = dataset.config().modalities().get(dataset.lead());
    return lead == null ? 1 : lead.sampleStride();
  }

  @Override
  public Long seed() {
    return dataset.config().seed();
  }

  @Override
  public double[] starts() {
    return ownStarts == null ? dataset.startTimes() : ownStarts;
  }

  @Override
  public double[] allStarts() {
    return dataset.fullValidSampleTimes(true);
  }

  @Override
  public String explanation() {
    return dataset.explain().summary();
  }

  @Override
  public void close() {
    if (owned) {
      dataset.close();
    }
  }
}
