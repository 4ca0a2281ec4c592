/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.syncline.array.Tensor;
import org.syncline.array.TensorSpec;
import org.syncline.config.DatasetConfig;
import org.syncline.config.schema.ConfigKey;
import org.syncline.config.schema.LoaderKeys;
import org.syncline.config.schema.OpenOptions;
import org.syncline.document.Documents;
import org.syncline.error.ConfigException;
import org.syncline.loader.Batch;
import org.syncline.loader.BatchFeed;
import org.syncline.loader.BatchLoader;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.LoaderBuilder;
import org.syncline.loader.LoaderState;
import org.syncline.loader.LoaderStatistics;
import org.syncline.loader.SessionLoader;

/** Functions over loaders. */
final class Loaders {
  /** Options that are obeyed here; the others are the builder's. */
  private static final List<ConfigKey> HERE =
      List.of(
          LoaderKeys.INDICES_ONLY,
          LoaderKeys.PIN_MEMORY,
          LoaderKeys.WAIT_FOR_DEVICE,
          LoaderKeys.RECORDINGS);

  private Loaders() {}

  /** Tells the C side of slots, and registers them with CUDA where asked for. */
  private record Slots(boolean pin) {
    void allocated(MemorySegment memory) {
      if (pin) {
        HostMemory.pin(memory);
      }
      HostMemory.made(memory);
    }

    void freeing(MemorySegment memory) {
      HostMemory.freeing(memory);
      if (pin) {
        HostMemory.unpin(memory);
      }
    }
  }

  /** A view, and the map of tensors, which a slot makes once for each form, that it is of. */
  private record Described(Map<String, Tensor> values, View view) {}

  /** An open loader; keeps its datasets open. */
  private static final class Open extends Handles.Resource {
    final BatchLoader loader;
    final List<Datasets.Open> datasets;
    final boolean pinned;

    /** Whether a batch that was deleted may still be on its way to the device. */
    final boolean waits;

    final boolean indicesOnly;
    final int batchSize;
    final int rank;

    /** A batch that the caller had no room for. */
    private Batch pending;

    /** Descriptions of each slot's tensors, by the slot's number. */
    private Described[] described = {};

    Open(
        BatchLoader loader,
        List<Datasets.Open> datasets,
        boolean pinned,
        boolean waits,
        boolean indicesOnly,
        int batchSize,
        int rank) {
      this.loader = loader;
      this.datasets = datasets;
      this.pinned = pinned;
      this.waits = waits;
      this.indicesOnly = indicesOnly;
      this.batchSize = batchSize;
      this.rank = rank;
    }

    @Override
    String what() {
      return "a loader";
    }

    @Override
    void close() {
      synchronized (this) {
        if (pending != null) {
          pending.close();
          pending = null;
        }
      }
      loader.close();
      datasets.forEach(Handles.Resource::leave);
    }

    boolean isFed() {
      return loader instanceof SessionLoader sessions && sessions.isFed();
    }

    /** Returns what takes the batches of a loader opened with fed. */
    BatchFeed feed() {
      if (!isFed()) {
        throw new IllegalArgumentException(
            "found a loader with an order of its own, expected one opened with \"fed\": true, which is told"
                + " its batches");
      }
      return ((SessionLoader) loader).feed();
    }

    synchronized Batch takePending() {
      Batch b = pending;
      pending = null;
      return b;
    }

    synchronized void keep(Batch b) {
      pending = b;
    }

    /** Returns where the caller stands: a batch that it had no room for is still to come. */
    synchronized LoaderState state() {
      LoaderState state = loader.state();
      return pending == null ? state : state.at(pending.epoch(), pending.position() - rank);
    }

    /**
     * Returns the description of a batch's tensors, which is the same as long as its slot keeps its
     * form. Finished only by the holder of the batch.
     */
    synchronized View describe(
        Batch batch, Map<String, Tensor> values, Map<String, Tensor> timestamps) {
      int slot = batch.slot();
      if (slot >= described.length) {
        described = Arrays.copyOf(described, slot + 8);
      }
      Described d = described[slot];
      if (d == null || d.values != values) {
        View view = View.lasting(values.size() + timestamps.size());
        int i = 0;
        for (Tensor t : values.values()) {
          view.tensor(i++, t);
        }
        for (Tensor t : timestamps.values()) {
          view.tensor(i++, t);
        }
        d = described[slot] = new Described(values, view);
      }
      return d.view;
    }

    /** Returns what a session's batches hold, in the order of its tensors. */
    List<Map<String, Object>> layout(int session) {
      if (indicesOnly) {
        return List.of(entry("indices", false, "int64", new long[0]));
      }
      List<Map<String, Object>> all = new ArrayList<>();
      for (TensorSpec spec : loader.layout(session)) {
        all.add(entry(spec.key(), spec.timestamps(), spec.type().numpyName(), spec.shape()));
      }
      return all;
    }

    private static Map<String, Object> entry(
        String key, boolean timestamps, String dtype, long[] shape) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("key", key);
      entry.put("timestamps", timestamps);
      entry.put("dtype", dtype);
      entry.put("shape", shape);
      return entry;
    }
  }

  private static Open get(long words) {
    return Handles.get(Memory.word(words, 0), Open.class);
  }

  static long open(long words) {
    List<Datasets.Open> datasets = new ArrayList<>();
    boolean done = false;
    try {
      int count = Math.toIntExact(Memory.word(words, 1));
      for (int i = 0; i < count; i++) {
        Datasets.Open d = Handles.get(Memory.word(Memory.word(words, 0), i), Datasets.Open.class);
        d.enter();
        datasets.add(d);
      }
      Options options = Options.parse(Memory.text(Memory.word(words, 2)), "options");
      long handle = open(datasets, options);
      done = true;
      return handle;
    } finally {
      if (!done) {
        datasets.forEach(Handles.Resource::leave);
      }
    }
  }

  private static long open(List<Datasets.Open> datasets, Options options) {
    boolean indicesOnly = options.flag(LoaderKeys.INDICES_ONLY);
    boolean pin = options.flag(LoaderKeys.PIN_MEMORY) && !indicesOnly;
    boolean waits = options.flag(LoaderKeys.WAIT_FOR_DEVICE) && pin;
    if (!pin && options.has(LoaderKeys.WAIT_FOR_DEVICE.name())) {
      throw options.wrong(
          LoaderKeys.WAIT_FOR_DEVICE.name(),
          options.flag(LoaderKeys.WAIT_FOR_DEVICE),
          "pin_memory beside it: no device reads memory that is not pinned on its own");
    }
    List<?> recordings = options.list(LoaderKeys.RECORDINGS);
    boolean single =
        !options.has("sessions")
            && !options.flag(LoaderKeys.FED)
            && recordings.isEmpty()
            && datasets.size() == 1;
    LoaderBuilder<?> builder;
    if (single) {
      builder = ChunkLoader.builder().dataset(datasets.getFirst().dataset);
    } else {
      SessionLoader.Builder b = SessionLoader.builder();
      datasets.forEach(d -> b.add(d.dataset));
      for (Object item : recordings) {
        recording(options, item, b);
      }
      builder = b;
    }
    if (recordings.isEmpty() && options.flag(LoaderKeys.CACHE_DATA)) {
      throw options.wrong(
          "cache_data",
          true,
          "false: the datasets are open, with or without it, and there are no recordings");
    }
    if (indicesOnly && (options.has("out_keys") || !options.map(OpenOptions.TYPES).isEmpty())) {
      throw options.wrong("indices_only", true, "false beside out_keys and types: it reads none");
    }
    int batchSize = options.whole(LoaderKeys.BATCH_SIZE);
    int rank = options.whole(LoaderKeys.RANK);
    for (ConfigKey here : HERE) {
      options.take(here.name());
    }
    // said here even where the caller has not: messages then use C's names
    builder.option(LoaderKeys.BATCH_SIZE.name(), (long) batchSize);
    options.rest().forEach(builder::option);
    if (indicesOnly) {
      builder.outKeys(List.of());
    }
    if (!recordings.isEmpty()) {
      builder.registry(Provided.registry());
    }
    Slots slots = new Slots(pin);
    builder.memory(slots::allocated, slots::freeing);
    if (pin) {
      // without CUDA now, not at the first batch; whole pages, since CUDA registers no less
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment probe = arena.allocate(4096, 4096);
        HostMemory.pin(probe);
        HostMemory.unpin(probe);
      }
    }
    BatchLoader loader = builder.build();
    return Handles.add(new Open(loader, datasets, pin, waits, indicesOnly, batchSize, rank));
  }

  private static void recording(Options options, Object item, SessionLoader.Builder b) {
    if (!(item instanceof Map<?, ?> map) || !(map.get("root") instanceof String root)) {
      throw options.wrong("recordings", item, "a map with root and config");
    }
    for (Object key : map.keySet()) {
      if (!key.equals("root") && !key.equals("config")) {
        throw new ConfigException(
            "options", 0, "recordings." + key, "unknown key; expected root and config");
      }
    }
    Object config = map.get("config");
    DatasetConfig parsed =
        config == null
            ? DatasetConfig.defaults()
            : DatasetConfig.parse(
                config instanceof String s ? s : Documents.toJson(config),
                "configuration",
                Datasets::warn);
    b.add(Path.of(root), parsed);
  }

  static String info(long words) {
    Open open = get(words);
    List<Object> sessions = new ArrayList<>();
    int count = open.loader.sessionKeys().size();
    for (int i = 0; i < count; i++) {
      sessions.add(session(open, i));
    }
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("batch_size", open.batchSize);
    info.put("batches", open.loader.batchesPerEpoch());
    info.put("chunks", open.loader.chunksPerEpoch());
    if (open.isFed()) {
      info.put("epoch", 0);
      info.put("position", open.loader.position());
      info.put("fingerprint", null);
    } else {
      LoaderState state = open.state();
      info.put("epoch", state.epoch());
      info.put("position", state.position());
      info.put("fingerprint", state.fingerprint());
    }
    info.put("pinned", open.pinned);
    info.put("sessions", sessions);
    return Documents.toJson(info);
  }

  static String session(long words) {
    Open open = get(words);
    long session = Memory.word(words, 1);
    int count = open.loader.sessionKeys().size();
    if (session < 0 || session >= count) {
      throw new IndexOutOfBoundsException(
          "session: found " + session + ", expected 0 to " + (count - 1) + ", one of the loader's");
    }
    return Documents.toJson(session(open, (int) session));
  }

  private static Map<String, Object> session(Open open, int session) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("data_key", open.loader.sessionKeys().get(session));
    described.put("layout", open.layout(session));
    Map<String, List<String>> categories =
        open.indicesOnly ? Map.of() : open.loader.categories(session);
    if (!categories.isEmpty()) {
      described.put("categories", categories);
    }
    return described;
  }

  static long length(long words) {
    return get(words).loader.batchesPerEpoch();
  }

  static int next(long words) throws InterruptedException {
    Open open = get(words);
    long capacity = Memory.word(words, 1);
    Batch batch = open.takePending();
    if (batch == null) {
      try {
        batch = open.loader.next(Duration.ofMillis(Memory.word(words, 2)));
      } catch (TimeoutException e) {
        return Status.TIMEOUT;
      }
    }
    if (batch == null) {
      return Status.END;
    }
    boolean done = false;
    try {
      Map<String, Tensor> values = batch.values();
      Map<String, Tensor> timestamps = batch.timestamps();
      int count = open.indicesOnly ? 1 : values.size() + timestamps.size();
      if (count > capacity) {
        open.keep(batch);
        done = true;
        Memory.setWord(words, 0, count);
        throw new Failure(
            Status.CAPACITY, "room for " + capacity + " tensors, a batch has " + count);
      }
      if (open.indicesOnly) {
        Tensor indices = Results.longs(batch.chunkIndices());
        View view = new View(1);
        view.tensor(0, indices);
        Batch b = batch;
        done = true;
        view.finish(
            words, b.position(), b.epoch(), b.size(), b.session(), new KeepBatch(b, indices));
        return Status.OK;
      }
      View view = open.describe(batch, values, timestamps);
      Batch b = batch;
      done = true;
      view.finish(
          words,
          b.position(),
          b.epoch(),
          b.size(),
          b.session(),
          open.waits ? () -> HostMemory.giveBackWhenQuiet(b::close) : b::close);
      return Status.OK;
    } finally {
      if (!done) {
        batch.close();
      }
    }
  }

  /** Keeps the indices' memory reachable as long as C holds them. */
  private record KeepBatch(Batch batch, Tensor indices) implements Runnable {
    @Override
    public void run() {
      batch.close();
    }
  }

  /** In place of a session: each index comes with a session of its own. */
  private static final int SEVERAL = -1;

  static void feed(long words) {
    Open open = get(words);
    long batches = Memory.word(words, 1);
    if (batches < 0 || batches > 1 << 24) {
      throw new IllegalArgumentException("batches is " + batches + ", expected 0 to 2^24");
    }
    BatchFeed feed = open.feed();
    MemorySegment sessions = Memory.at(Memory.word(words, 2), 4 * batches);
    MemorySegment sizes = Memory.at(Memory.word(words, 3), 4 * batches);
    long at = Memory.word(words, 4);
    for (long i = 0; i < batches; i++) {
      int size = sizes.get(JAVA_INT_UNALIGNED, 4 * i);
      try {
        if (size < 1 || size > open.batchSize) {
          throw new IllegalArgumentException(
              "size is " + size + ", expected 1 to " + open.batchSize + ", the batch_size");
        }
        int session = sessions.get(JAVA_INT_UNALIGNED, 4 * i);
        if (session == SEVERAL) {
          int[] pairs = numbers(at, 2 * size);
          int[] of = new int[size];
          int[] chunks = new int[size];
          for (int k = 0; k < size; k++) {
            of[k] = pairs[2 * k];
            chunks[k] = pairs[2 * k + 1];
          }
          feed.add(of, chunks);
          at += 8L * size;
        } else {
          feed.add(session, numbers(at, size));
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("batch " + i + ": " + e.getMessage(), e);
      }
      at += 8L * size;
    }
  }

  private static int[] numbers(long at, int count) {
    MemorySegment longs = Memory.at(at, 8L * count);
    int[] numbers = new int[count];
    for (int k = 0; k < count; k++) {
      // a number that nothing can have stays one
      numbers[k] = Math.clamp(longs.get(JAVA_LONG_UNALIGNED, 8L * k), -1, Integer.MAX_VALUE);
    }
    return numbers;
  }

  static void beginEpoch(long words) {
    long epoch = Memory.word(words, 1);
    if (epoch < -1) {
      throw new IllegalArgumentException("epoch is " + epoch + ", expected 0 or more, or -1");
    }
    Open open = get(words);
    Batch dropped = open.takePending();
    if (dropped != null) {
      dropped.close();
    }
    if (open.isFed()) {
      if (epoch >= 0) {
        throw new IllegalArgumentException(
            "epoch is " + epoch + ", expected -1: a fed loader has no epochs");
      }
      open.feed().clear();
    } else if (epoch < 0) {
      open.loader.nextEpoch();
    } else {
      open.loader.seek(epoch);
    }
  }

  static String state(long words) {
    Open open = get(words);
    refuseFed(open);
    return open.state().toJson();
  }

  /** A state says where an order stands, which a fed loader has not. */
  private static void refuseFed(Open open) {
    if (open.isFed()) {
      throw new IllegalArgumentException(
          "found a fed loader, expected one with an order of its own: the caller, who names the batches, knows"
              + " which are to come");
    }
  }

  static void restore(long words) {
    Open open = get(words);
    refuseFed(open);
    try {
      open.loader.restore(LoaderState.fromJson(Memory.text(Memory.word(words, 1))));
    } catch (ConfigException e) {
      throw new Failure(Status.STATE, e.getMessage(), e);
    }
    Batch dropped = open.takePending();
    if (dropped != null) {
      dropped.close();
    }
  }

  static String statistics(long words) {
    LoaderStatistics s = get(words).loader.statistics();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("batches", s.batches());
    map.put("chunks", s.chunks());
    map.put("bytes", s.bytes());
    map.put("screen_seconds", s.screenNanos() / 1e9);
    map.put("sequence_seconds", s.sequenceNanos() / 1e9);
    map.put("other_seconds", s.otherNanos() / 1e9);
    map.put("slot_wait_seconds", s.slotWaitNanos() / 1e9);
    map.put("consumer_wait_seconds", s.consumerWaitNanos() / 1e9);
    map.put("elapsed_seconds", s.elapsedNanos() / 1e9);
    map.put("threads", s.threads());
    map.put("slots", s.slots());
    map.put("held_slots", s.heldSlots());
    map.put("slot_bytes", s.slotBytes());
    map.put("replaced_nans", s.replacedNaNs());
    map.put("open_recordings", s.openRecordings());
    map.put("left_out_chunks", s.leftOutChunks());
    map.put("limiting", s.limiting().name().toLowerCase(java.util.Locale.ROOT));
    map.put("summary", s.summary());
    return Documents.toJson(map);
  }
}
