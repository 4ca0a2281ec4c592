/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.ChunkDataset;
import org.syncline.ChunkReader;
import org.syncline.DatasetState;
import org.syncline.Experiment;
import org.syncline.Explanation;
import org.syncline.ReadOptions;
import org.syncline.array.ElementType;
import org.syncline.array.TensorSpec;
import org.syncline.config.ConfigFile;
import org.syncline.config.DatasetConfig;
import org.syncline.config.TrialCondition;
import org.syncline.config.schema.OpenOptions;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;
import org.syncline.interval.TimeInterval;
import org.syncline.transform.Normalization;

/** Functions over one recording's chunks. */
final class Datasets {
  /** Most readers kept for the next call; more callers at once open their own. */
  private static final int MOST_READERS = 8;

  private Datasets() {}

  static void warn(String text) {
    Warnings.add("WARNING", "org.syncline", text);
  }

  /** An open dataset. */
  static final class Open extends Handles.Resource {
    final ChunkDataset dataset;
    private final ReadOptions options;
    private final List<TensorSpec> layout;
    private final boolean fingerprint;
    private final Map<String, Normalization> provided;
    private final Slabs slabs = new Slabs();
    private final ArrayDeque<ChunkReader> readers = new ArrayDeque<>();
    private boolean closed;

    Open(
        ChunkDataset dataset,
        ReadOptions options,
        boolean fingerprint,
        Map<String, Normalization> provided) {
      this.dataset = dataset;
      this.fingerprint = fingerprint;
      this.provided = provided;
      this.options = options;
      layout = dataset.layout(options);
    }

    @Override
    String what() {
      return "the dataset " + dataset.root();
    }

    @Override
    void close() {
      synchronized (readers) {
        closed = true;
        readers.forEach(ChunkReader::close);
        readers.clear();
      }
      dataset.close();
      slabs.close();
    }

    private ChunkReader borrow() {
      synchronized (readers) {
        if (!readers.isEmpty()) {
          return readers.pop();
        }
      }
      return dataset.reader(options);
    }

    private void giveBack(ChunkReader reader) {
      synchronized (readers) {
        if (!closed && readers.size() < MOST_READERS) {
          readers.push(reader);
          return;
        }
      }
      reader.close();
    }

    /** Reads one chunk of a batch. */
    private interface Read {
      void into(ChunkReader reader, int row, MemorySegment[] segments, long[] offsets);
    }

    /** Reads {@code rows} chunks into fresh memory; negative: one chunk without a batch axis. */
    private void deliver(long words, long index, int rows, Read read) {
      int n = layout.size();
      if (n > Memory.word(words, 1)) {
        Memory.setWord(words, 0, n);
        throw new Failure(
            Status.CAPACITY, "room for " + Memory.word(words, 1) + " tensors, a chunk has " + n);
      }
      long[] offsets = new long[n];
      long[] places = new long[n];
      long bytes = 0;
      for (int i = 0; i < n; i++) {
        places[i] = bytes;
        bytes =
            Slabs.align(
                Math.addExact(
                    bytes, Math.multiplyExact(layout.get(i).bytes(), (long) Math.max(1, rows))));
      }
      Slabs.Slab slab = slabs.take(bytes);
      boolean done = false;
      ChunkReader reader = null;
      try {
        reader = borrow();
        MemorySegment[] segments = new MemorySegment[n];
        java.util.Arrays.fill(segments, slab.memory);
        for (int row = 0; row < Math.max(1, rows); row++) {
          for (int i = 0; i < n; i++) {
            offsets[i] = places[i] + row * layout.get(i).bytes();
          }
          read.into(reader, row, segments, offsets);
        }
        View view = new View(n);
        for (int i = 0; i < n; i++) {
          TensorSpec spec = layout.get(i);
          view.tensor(i, spec.type(), rows, spec.shape(), slab.memory.address() + places[i]);
        }
        done = true;
        view.finish(words, index, 0, Math.max(0, rows), 0, slab);
      } finally {
        if (reader != null) {
          giveBack(reader);
        }
        if (!done) {
          slab.run();
        }
      }
    }
  }

  static Open get(long words) {
    return Handles.get(Memory.word(words, 0), Open.class);
  }

  static long open(long words) {
    String root = Memory.text(Memory.word(words, 0));
    String config = Memory.text(Memory.word(words, 1));
    String optionText = Memory.text(Memory.word(words, 2));
    Options options = Options.parse(optionText, "options", OpenOptions.DATASET);
    boolean lenient = options.flag(OpenOptions.LENIENT);
    boolean fingerprint = options.flag(OpenOptions.FINGERPRINT);
    Map<String, ElementType> types = options.types(OpenOptions.TYPES);
    List<String> outKeys = options.texts(OpenOptions.OUT_KEYS);
    Map<String, Object> devices = options.map(OpenOptions.DEVICES);
    List<?> intervals = options.list(OpenOptions.VALID_INTERVALS);
    ReadOptions read = ReadOptions.builder().types(types).outKeys(outKeys).build();
    DatasetConfig parsed = parse(config, devices, intervals, lenient);
    Map<String, Normalization> provided = Provided.statistics(Path.of(root), config, devices);
    ChunkDataset dataset = ChunkDataset.open(Path.of(root), parsed, Provided.registry());
    try {
      return Handles.add(new Open(dataset, read, fingerprint, provided));
    } catch (Throwable t) {
      dataset.close();
      throw t;
    }
  }

  private static DatasetConfig parse(
      String config, Map<String, Object> devices, List<?> intervals, boolean lenient) {
    if (config == null && devices.isEmpty() && intervals.isEmpty()) {
      return DatasetConfig.defaults();
    }
    String text =
        Provided.configure(config == null ? ConfigFile.defaultText() : config, devices, intervals);
    return lenient
        ? DatasetConfig.parse(text, "configuration", Datasets::warn)
        : DatasetConfig.parse(text, "configuration");
  }

  static String info(long words) {
    Open open = get(words);
    ChunkDataset d = open.dataset;
    Experiment e = d.experiment();
    Map<String, Object> ranges = new LinkedHashMap<>();
    Map<String, Object> offsets = new LinkedHashMap<>();
    for (String name : d.deviceNames()) {
      TimeInterval valid = e.validRange(name);
      Map<String, Object> range = new LinkedHashMap<>();
      range.put("start_time", e.device(name).startTime());
      range.put("end_time", e.device(name).endTime());
      range.put("valid_interval", List.of(valid.start(), valid.end()));
      ranges.put(name, range);
      offsets.put(name, d.config().modalities().get(name).offset());
    }
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("root", d.root().toString());
    info.put("data_key", d.dataKey());
    if (open.fingerprint) {
      info.put("fingerprint", d.fingerprint());
    }
    info.put("start_time", d.startTime());
    info.put("end_time", d.endTime());
    info.put("length", d.length());
    info.put("lead", d.lead());
    info.put("trials", d.trialCount());
    info.put("device_names", d.deviceNames());
    info.put("devices", ranges);
    info.put("chunk_sizes", d.chunkSizes());
    info.put("sampling_rates", d.samplingRates());
    info.put("offsets", offsets);
    info.put("seed", d.config().seed());
    info.put("timestamps_origin", d.config().normalizeTimestamps() ? origin(d) : 0.0);
    info.put("layout", layout(open.layout));
    return Documents.toJson(info);
  }

  /**
   * What each normalised device is normalised with, here or by the host; apart from the rest, for
   * it may be long.
   */
  static String statistics(long words) {
    Open open = get(words);
    Map<String, Normalization> found = new LinkedHashMap<>(open.dataset.statistics());
    found.putAll(open.provided);
    Map<String, Object> all = new LinkedHashMap<>();
    found.forEach(
        (name, normalization) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("means", numbers(normalization.means()));
          entry.put("stds", numbers(normalization.stds()));
          all.put(name, entry);
        });
    return Documents.toJson(all);
  }

  /** What the pixels of each screen that may be read as bytes are to be normalised with. */
  static String byteScreens(long words) {
    Open open = get(words);
    Map<String, Normalization> found = open.dataset.statistics();
    Map<String, Object> all = new LinkedHashMap<>();
    for (String name : open.dataset.screensStoredAsBytes()) {
      Normalization normalization = found.get(name);
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("means", normalization == null ? null : numbers(normalization.means()));
      entry.put("stds", normalization == null ? null : numbers(normalization.stds()));
      all.put(name, entry);
    }
    return Documents.toJson(all);
  }

  /** Why there are as many chunks as there are. */
  static String explain(long words) {
    Explanation explanation = get(words).dataset.explain();
    List<Map<String, Object>> steps = new ArrayList<>();
    for (Explanation.Step step : explanation.steps()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", step.name());
      entry.put("left", step.left());
      entry.put("note", step.note());
      steps.add(entry);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("steps", steps);
    all.put("advice", explanation.advice());
    all.put("text", explanation.toString());
    return Documents.toJson(all);
  }

  /** The texts that codes of a key of trial metadata stand for. */
  static String categories(long words) {
    return Documents.toJson(get(words).dataset.categories(Memory.text(Memory.word(words, 1))));
  }

  private static List<Double> numbers(double[] values) {
    return values == null ? null : java.util.Arrays.stream(values).boxed().toList();
  }

  /** The responses' start, or the earliest device's. */
  private static double origin(ChunkDataset d) {
    Experiment e = d.experiment();
    return d.deviceNames().contains("responses")
        ? e.device("responses").startTime()
        : e.startTime();
  }

  static long length(long words) {
    return get(words).dataset.length();
  }

  static void startTimes(long words) {
    View.managed(words, Results.doubles(get(words).dataset.startTimes()));
  }

  static List<Map<String, Object>> layout(List<TensorSpec> specs) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (TensorSpec spec : specs) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("key", spec.key());
      entry.put("timestamps", spec.timestamps());
      entry.put("dtype", spec.type().numpyName());
      entry.put("shape", spec.shape());
      all.add(entry);
    }
    return all;
  }

  static void item(long words) {
    long index = Memory.word(words, 2);
    Open open = get(words);
    int length = open.dataset.length();
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException(
          "index " + index + " of a dataset of " + length + " chunks");
    }
    open.deliver(
        words,
        index,
        -1,
        (reader, row, segments, offsets) -> reader.read((int) index, segments, offsets));
  }

  static void itemAt(long words) {
    double start = Memory.real(words, 2);
    get(words)
        .deliver(
            words,
            -1,
            -1,
            (reader, row, segments, offsets) -> reader.readAt(start, segments, offsets));
  }

  static void read(long words) {
    Open open = get(words);
    long n = Memory.word(words, 3);
    int length = open.dataset.length();
    if (n < 1 || n > 1 << 20) {
      throw new IllegalArgumentException("n is " + n + ", expected 1 to 2^20 chunks");
    }
    MemorySegment indices = Memory.at(Memory.word(words, 2), 8 * n);
    for (int k = 0; k < n; k++) {
      long index = indices.get(JAVA_LONG_UNALIGNED, 8L * k);
      if (index < 0 || index >= length) {
        throw new IndexOutOfBoundsException(
            "index " + index + " of a dataset of " + length + " chunks");
      }
    }
    open.deliver(
        words,
        -1,
        (int) n,
        (reader, row, segments, offsets) ->
            reader.read((int) indices.get(JAVA_LONG_UNALIGNED, 8L * row), segments, offsets));
  }

  static void chunkTimes(long words) {
    ChunkDataset d = get(words).dataset;
    String device = Memory.text(Memory.word(words, 1));
    if (!d.deviceNames().contains(device)) {
      throw new Failure(
          Status.KEY,
          "unknown device '" + device + "', expected one of " + String.join(", ", d.deviceNames()));
    }
    View.managed(words, Results.doubles(d.chunkTimes(device, Memory.real(words, 2))));
  }

  static void fullValidSampleTimes(long words) {
    boolean filtered = Memory.word(words, 1) != 0;
    View.managed(words, Results.doubles(get(words).dataset.fullValidSampleTimes(filtered)));
  }

  private static List<TrialCondition> conditions(long address) {
    String text = Memory.text(address);
    if (text == null) {
      return null;
    }
    Object value = Options.tree(text, "conditions").value();
    List<TrialCondition> all = new ArrayList<>();
    for (Object item :
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
      if (!(item instanceof Map<?, ?> map)) {
        throw new ConfigException(
            "conditions",
            0,
            "conditions",
            "found " + Documents.toJson(item) + ", expected a map or a list of maps");
      }
      Map<String, Object> condition = new LinkedHashMap<>();
      map.forEach((key, wanted) -> condition.put(String.valueOf(key), wanted));
      all.add(TrialCondition.of(condition));
    }
    return all;
  }

  static void conditionMask(long words) {
    View.managed(
        words,
        Results.booleans(get(words).dataset.conditionMask(conditions(Memory.word(words, 1)))));
  }

  static void sampleMask(long words) {
    Open open = get(words);
    int next = Math.toIntExact(Memory.word(words, 1));
    if (next < 1) {
      throw new IllegalArgumentException("satisfy_for_next is " + next + ", expected 1 or more");
    }
    boolean[] mask =
        open.dataset.sampleMask(
            next, conditions(Memory.word(words, 2)), Memory.word(words, 3) != 0);
    View.managed(words, Results.booleans(mask));
  }

  static void validIntervals(long words) {
    List<TimeInterval> intervals = get(words).dataset.validIntervalsFromFilters();
    double[] flat = new double[2 * intervals.size()];
    for (int i = 0; i < intervals.size(); i++) {
      flat[2 * i] = intervals.get(i).start();
      flat[2 * i + 1] = intervals.get(i).end();
    }
    View.managed(words, Results.doubles(flat, intervals.size(), 2));
  }

  static String intervalStatistics(long words) {
    return get(words).dataset.intervalStatistics();
  }

  static void shuffle(long words) {
    get(words).dataset.shuffle();
  }

  static String state(long words) {
    return get(words).dataset.state().toJson();
  }

  static void restore(long words) {
    try {
      get(words).dataset.restore(DatasetState.fromJson(Memory.text(Memory.word(words, 1))));
    } catch (ConfigException e) {
      throw new Failure(Status.STATE, e.getMessage(), e);
    }
  }
}
