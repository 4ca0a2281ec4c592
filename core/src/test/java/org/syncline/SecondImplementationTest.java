/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.device.support.LogCapture;
import org.syncline.error.RecordingException;
import org.syncline.testdata.Json;
import org.syncline.testdata.NpyFile;
import org.syncline.testdata.SlowDataset;

/**
 * Random recordings and configurations, read by the library and by a second implementation that
 * knows the pages on format and semantics alone.
 *
 * <p>Properties {@code syncline.cases} and {@code syncline.seed} choose how many and which. A case
 * that differs is made smaller: what it holds is left out, one thing after the other, for as long
 * as it still differs. That is {@link #compare} and no library: jqwik, which would fit, is in mere
 * maintenance, and from 1.10 on its makers want no coding agent to use it, as this project does.
 */
@Tag("any-width")
class SecondImplementationTest {
  private static final long SHUFFLED_BY = 4242;

  @TempDir Path folder;
  private int number;
  private int chunks;
  private int shorts;
  private double spikes;
  private double inside;
  private long transformed;

  /** Draws a case; the draws are the same whatever is left out. */
  private static final class Draw {
    private final SplittableRandom random;
    private final Set<String> left;
    private final Set<String> asked = new LinkedHashSet<>();

    Draw(long seed, Set<String> left) {
      random = new SplittableRandom(seed);
      this.left = left;
    }

    private boolean without(String part) {
      asked.add(part);
      return left.contains(part);
    }

    boolean has(String part, int percent) {
      return random.nextInt(100) < percent & !without(part);
    }

    double of(String part, double otherwise, double low, double high) {
      double x = low + (high - low) * random.nextDouble();
      return without(part) ? otherwise : x;
    }

    int whole(String part, int otherwise, int low, int high) {
      int x = low + random.nextInt(high - low + 1);
      return without(part) ? otherwise : x;
    }

    <T> T one(String part, List<T> values) {
      T x = values.get(random.nextInt(values.size()));
      return without(part) ? values.getFirst() : x;
    }
  }

  private static SlowDataset.Sequence sequence(Draw d, double start, double seconds) {
    String type = d.one("types", List.of("float64", "float32", "int16", "uint8"));
    double stored = d.one("types", List.of(10.0, 8.0, 7.5, 30.0));
    double begin = start + d.of("late", 0, -0.4, 0.4);
    int n = (int) (seconds * stored) + d.whole("late", 0, 0, 3);
    int columns = d.whole("types", 2, 1, 9);
    double[][] rows = new double[n][columns];
    boolean nans = d.has("nans", 50) && type.startsWith("float");
    for (double[] row : rows) {
      for (int j = 0; j < columns; j++) {
        double x = d.random.nextDouble() * 200 - 50;
        row[j] =
            switch (type) {
              case "float32" -> (float) x;
              case "int16" -> (short) (x * 100);
              case "uint8" -> (int) Math.abs(x);
              default -> x;
            };
        boolean gone = d.random.nextInt(40 * columns) == 0;
        row[j] = nans && gone ? Double.NaN : row[j];
      }
    }
    double[] means = d.random.doubles(columns, -2, 2).toArray();
    double[] stds = d.random.doubles(columns, 0.5, 3).toArray();
    double[] shifts = d.random.doubles(columns, -0.2, 0.3).toArray();
    boolean normalize = d.has("normalize", 40);
    boolean linear = d.has("linear", 40);
    boolean keep = d.has("keep", 50);
    double rate = d.one("chunks", List.of(10.0, 8.0, 20.0, 3.0));
    int chunk = d.whole("chunks", 4, 1, 12);
    double offset = d.has("offset", 30) ? d.of("offset", 0, -0.3, 0.3) : 0;
    double vicinity = d.of("filter", 0.05, 0.011, 0.2);
    boolean filtered = d.has("filter", 50) && type.startsWith("float");
    return new SlowDataset.Sequence(
        type,
        begin,
        begin + (n - 1) / stored,
        stored,
        rows,
        linear,
        keep,
        rate,
        chunk,
        offset,
        filtered ? vicinity : Double.NaN,
        normalize ? means : null,
        normalize ? stds : null,
        d.has("shifts", 30) ? shifts : null);
  }

  private static SlowDataset draw(Draw d) {
    double start = d.has("far", 30) ? 1.6e9 + d.random.nextInt(1000) / 8.0 : 0.25;
    double seconds = 6 + 6 * d.random.nextDouble();
    double frameRate = 10;
    List<SlowDataset.Trial> trials = new ArrayList<>();
    int frames = 0;
    while (frames < seconds * frameRate) {
      boolean image = d.has("images", 20);
      boolean blank = d.has("blanks", 25);
      int n = image || blank ? 1 : 5 + d.random.nextInt(20);
      float[][] pixels = new float[n][6];
      for (float[] frame : pixels) {
        for (int p = 0; p < 6; p++) {
          frame[p] = d.random.nextInt(256);
        }
      }
      Map<String, Object> metadata = new LinkedHashMap<>();
      metadata.put("modality", blank ? "blank" : image ? "image" : "video");
      metadata.put("first_frame_idx", frames);
      metadata.put("image_size", List.of(2, 3));
      if (blank) {
        Arrays.fill(pixels[0], pixels[0][0]);
        metadata.put("interleave_value", (double) pixels[0][0]);
      } else if (!image) {
        metadata.put("num_frames", n);
      }
      if (!d.has("conditions", 20)) {
        metadata.put("tier", d.one("conditions", List.of("train", "test")));
      }
      metadata.put("level", (double) d.random.nextInt(3));
      trials.add(new SlowDataset.Trial(metadata, pixels));
      frames += n;
    }
    double[] clock = new double[frames];
    for (int i = 0; i < frames; i++) {
      clock[i] = start + i / frameRate + d.of("jitter", 0, 0, 0.02);
    }
    List<Map<String, Object>> conditions = null;
    if (d.has("conditions", 60)) {
      conditions = new ArrayList<>();
      int n = 1 + d.random.nextInt(2);
      for (int i = 0; i < n; i++) {
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("tier", d.one("conditions", List.of("train", "test", "blank")));
        if (d.random.nextInt(3) == 0) {
          condition.put("level", (double) d.random.nextInt(3));
        }
        conditions.add(condition);
      }
    }
    SlowDataset.Screen screen =
        new SlowDataset.Screen(
            clock,
            trials,
            conditions,
            d.has("blanks", 50),
            d.one("chunks", List.of(10.0, 30.0, 7.0)),
            d.whole("chunks", 5, 1, 12),
            d.has("offset", 20) ? d.of("offset", 0, -0.2, 0.2) : 0,
            d.whole("stride", 1, 1, 4),
            transforms(d),
            d.of("standard", 80, 0, 200),
            d.has("standard", 40) ? d.of("standard", 60, 20, 90) : Double.NaN);
    Map<String, SlowDataset.Sequence> sequences = new LinkedHashMap<>();
    for (String name : List.of("responses", "eye")) {
      SlowDataset.Sequence s = sequence(d, start, seconds);
      if (d.has(name, 80)) {
        sequences.put(name, s);
      }
    }
    double threshold = d.one("threshold", List.of(0.5, 0.0, 0.123));
    int precision = d.one("precision", List.of(5, 3, 7));
    return new SlowDataset(
        screen,
        sequences,
        spikes(d, start, seconds),
        labels(d, start, seconds),
        threshold,
        precision);
  }

  private static List<SlowDataset.Transform> transforms(Draw d) {
    List<SlowDataset.Transform> all = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int h = d.whole("crop", 2, 1, 5);
      int w = d.whole("crop", 3, 1, 5);
      if (d.has("crop", 30)) {
        all.add(new SlowDataset.Transform("CenterCrop", h, w, false));
      }
      h = d.whole("resize", 2, 1, 7);
      w = d.whole("resize", 3, 1, 7);
      boolean nearest = d.random.nextBoolean();
      if (d.has("resize", 30)) {
        all.add(new SlowDataset.Transform("Resize", h, w, nearest));
      }
      int channels = d.random.nextBoolean() ? 3 : 1;
      if (d.has("grey", 20)) {
        all.add(new SlowDataset.Transform("Grayscale", channels, 0, false));
      }
      double mean = d.random.nextInt(100);
      double std = 20 + d.random.nextInt(60);
      if (d.has("scale", 15)) {
        all.add(new SlowDataset.Transform("Normalize", mean, std, false));
      }
    }
    return all;
  }

  /** Writes the screen's transforms as a configuration has them. */
  private static Map<String, Object> transforms(SlowDataset.Screen screen) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (SlowDataset.Transform t : screen.transforms()) {
      Map<String, Object> target = new LinkedHashMap<>();
      target.put("_target_", "torchvision.transforms.v2." + t.name());
      switch (t.name()) {
        case "CenterCrop" -> target.put("size", List.of((int) t.a(), (int) t.b()));
        case "Resize" -> {
          target.put("size", List.of((int) t.a(), (int) t.b()));
          target.put("interpolation", t.nearest() ? "nearest" : "bilinear");
        }
        case "Grayscale" -> target.put("num_output_channels", (int) t.a());
        default -> {
          target.put("mean", t.a());
          target.put("std", t.b());
        }
      }
      all.put("step" + all.size(), target);
    }
    if (!Double.isNaN(screen.std())) {
      all.put("normalization", Map.of("means", screen.mean(), "stds", screen.std()));
    }
    return all;
  }

  private static SlowDataset.Spikes spikes(Draw d, double start, double seconds) {
    double begin = start + d.of("late", 0, -0.4, 0.4);
    double[][] times = new double[1 + d.random.nextInt(5)][];
    for (int u = 0; u < times.length; u++) {
      times[u] =
          d.random
              .doubles(d.random.nextInt(60), begin, begin + seconds)
              // some at the very times that are asked for
              .map(t -> d.random.nextInt(4) == 0 ? Math.rint(t * 8) / 8 : t)
              .sorted()
              .toArray();
    }
    SlowDataset.Spikes spikes =
        new SlowDataset.Spikes(
            begin,
            begin + seconds,
            times,
            d.one("align", List.of(0.3, 0.05, 1.0, 0.25)),
            d.one("align", List.of("center", "left", "right")),
            d.has("smooth", 40) ? d.of("smooth", 1, 0.3, 3) : 0,
            d.one("chunks", List.of(10.0, 8.0, 20.0)),
            d.whole("chunks", 4, 1, 12),
            d.has("offset", 30) ? d.of("offset", 0, -0.3, 0.3) : 0);
    return d.has("spikes", 60) ? spikes : null;
  }

  private static SlowDataset.Labels labels(Draw d, double start, double seconds) {
    double begin = start + d.of("late", 0, -0.4, 0.4);
    Map<String, double[][]> intervals = new LinkedHashMap<>();
    for (String name : List.of("run", "rest", "a_third").subList(0, 1 + d.random.nextInt(3))) {
      double[][] all = new double[1 + d.random.nextInt(6)][];
      for (int i = 0; i < all.length; i++) {
        double from = Math.rint((begin + seconds * d.random.nextDouble()) * 20) / 20;
        all[i] = new double[] {from, from + Math.rint(d.random.nextDouble() * 40) / 20};
      }
      Arrays.sort(all, (a, b) -> Double.compare(a[0], b[0]));
      intervals.put(name, all);
    }
    SlowDataset.Labels labels =
        new SlowDataset.Labels(
            begin,
            begin + seconds,
            intervals,
            d.one("chunks", List.of(10.0, 8.0, 20.0)),
            d.whole("chunks", 4, 1, 12),
            d.has("offset", 30) ? d.of("offset", 0, -0.3, 0.3) : 0);
    return d.has("labels", 60) ? labels : null;
  }

  private static void writeSpikes(Path device, SlowDataset.Spikes spikes, boolean mapped)
      throws IOException {
    Files.createDirectories(device);
    List<Integer> ends = new ArrayList<>(List.of(0));
    for (double[] unit : spikes.times()) {
      ends.add(ends.getLast() + unit.length);
    }
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("modality", "spikes");
    meta.put("start_time", spikes.start());
    meta.put("end_time", spikes.end());
    meta.put("spike_indices", ends);
    meta.put("is_mem_mapped", mapped);
    Files.writeString(device.resolve("meta.yml"), Json.write(meta));
    double[] flat = Arrays.stream(spikes.times()).flatMapToDouble(Arrays::stream).toArray();
    if (mapped) {
      ByteBuffer out = ByteBuffer.allocate(8 * flat.length).order(ByteOrder.LITTLE_ENDIAN);
      out.asDoubleBuffer().put(flat);
      Files.write(device.resolve("spikes.mem"), out.array());
    } else {
      NpyFile.write(device.resolve("spikes.npy"), flat, flat.length);
    }
  }

  private static void writeLabels(Path device, SlowDataset.Labels labels) throws IOException {
    Files.createDirectories(device);
    Map<String, Object> files = new LinkedHashMap<>();
    for (Map.Entry<String, double[][]> entry : labels.intervals().entrySet()) {
      String file = entry.getKey() + ".npy";
      files.put(entry.getKey(), file);
      double[] flat = Arrays.stream(entry.getValue()).flatMapToDouble(Arrays::stream).toArray();
      NpyFile.write(device.resolve(file), flat, flat.length / 2, 2);
    }
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("modality", "time_interval");
    meta.put("start_time", labels.start());
    meta.put("end_time", labels.end());
    meta.put("labels", files);
    Files.writeString(device.resolve("meta.yml"), Json.write(meta));
  }

  private static void write(Path root, SlowDataset plain, Draw d) throws IOException {
    Path screen = root.resolve("screen");
    Files.createDirectories(screen.resolve("data"));
    Files.writeString(screen.resolve("meta.yml"), "modality: screen\n");
    NpyFile.write(
        screen.resolve("timestamps.npy"), plain.screen().clock(), plain.screen().clock().length);
    Map<String, Object> all = new LinkedHashMap<>();
    for (int k = 0; k < plain.screen().trials().size(); k++) {
      SlowDataset.Trial trial = plain.screen().trials().get(k);
      String key = "%05d".formatted(k);
      all.put(key, trial.metadata());
      if (!trial.metadata().get("modality").equals("blank")) {
        byte[] pixels = new byte[trial.frames().length * 6];
        for (int i = 0; i < pixels.length; i++) {
          pixels[i] = (byte) trial.frames()[i / 6][i % 6];
        }
        boolean image = trial.metadata().get("modality").equals("image");
        long[] shape = image ? new long[] {2, 3} : new long[] {trial.frames().length, 2, 3};
        NpyFile.write(screen.resolve("data/" + key + ".npy"), "|u1", false, shape, pixels);
      }
    }
    Files.writeString(screen.resolve("combined_meta.json"), Json.write(all));
    if (plain.spikes() != null) {
      writeSpikes(root.resolve("spikes"), plain.spikes(), d.has("mem", 50));
    }
    if (plain.labels() != null) {
      writeLabels(root.resolve("labels"), plain.labels());
    }
    for (Map.Entry<String, SlowDataset.Sequence> entry : plain.sequences().entrySet()) {
      SlowDataset.Sequence s = entry.getValue();
      Path device = root.resolve(entry.getKey());
      Files.createDirectories(device.resolve("meta"));
      boolean mapped = d.has("mem", 50);
      Map<String, Object> meta = new LinkedHashMap<>();
      meta.put("modality", "sequence");
      meta.put("sampling_rate", s.stored());
      meta.put("start_time", s.start());
      meta.put("end_time", s.end());
      meta.put("n_signals", s.rows()[0].length);
      meta.put("n_timestamps", s.rows().length);
      meta.put("is_mem_mapped", mapped);
      meta.put("dtype", s.type());
      if (s.shifts() != null) {
        meta.put("phase_shift_per_signal", true);
        NpyFile.write(device.resolve("meta/phase_shifts.npy"), s.shifts(), s.shifts().length);
      }
      Files.writeString(device.resolve("meta.yml"), Json.write(meta));
      byte[] data = bytes(s);
      if (mapped) {
        Files.write(device.resolve("data.mem"), data);
      } else {
        String descr =
            Map.of("float64", "<f8", "float32", "<f4", "int16", "<i2", "uint8", "|u1")
                .get(s.type());
        NpyFile.write(
            device.resolve("data.npy"),
            descr,
            false,
            new long[] {s.rows().length, s.rows()[0].length},
            data);
      }
      if (s.stds() != null) {
        NpyFile.write(device.resolve("meta/means.npy"), s.means(), s.means().length);
        NpyFile.write(device.resolve("meta/stds.npy"), s.stds(), s.stds().length);
      }
    }
  }

  private static byte[] bytes(SlowDataset.Sequence s) {
    ByteBuffer out =
        ByteBuffer.allocate(s.rows().length * s.rows()[0].length * 8)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (double[] row : s.rows()) {
      for (double x : row) {
        switch (s.type()) {
          case "float64" -> out.putDouble(x);
          case "float32" -> out.putFloat((float) x);
          case "int16" -> out.putShort((short) x);
          default -> out.put((byte) (int) x);
        }
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static DatasetConfig config(SlowDataset plain) {
    Map<String, Object> devices = new LinkedHashMap<>();
    SlowDataset.Screen lead = plain.screen();
    Map<String, Object> screen = new LinkedHashMap<>();
    screen.put("sampling_rate", lead.rate());
    screen.put("chunk_size", lead.chunk());
    screen.put("offset", lead.offset());
    screen.put("sample_stride", lead.stride());
    screen.put("include_blanks", lead.blanks());
    screen.put("transforms", transforms(lead));
    if (lead.conditions() != null) {
      screen.put("valid_condition", lead.conditions());
    }
    devices.put("screen", screen);
    for (Map.Entry<String, SlowDataset.Sequence> entry : plain.sequences().entrySet()) {
      SlowDataset.Sequence s = entry.getValue();
      Map<String, Object> device = new LinkedHashMap<>();
      device.put("sampling_rate", s.rate());
      device.put("chunk_size", s.chunk());
      device.put("offset", s.offset());
      device.put(
          "interpolation",
          Map.of(
              "interpolation_mode",
              s.linear() ? "linear" : "nearest_neighbor",
              "keep_nans",
              s.keepNans()));
      if (s.stds() != null) {
        device.put("transforms", Map.of("normalization", "normalize"));
      }
      if (!Double.isNaN(s.vicinity())) {
        device.put(
            "filters", Map.of("nan", Map.of("_target_", "nan_filter", "vicinity", s.vicinity())));
      }
      devices.put(entry.getKey(), device);
    }
    SlowDataset.Spikes spikes = plain.spikes();
    if (spikes != null) {
      Map<String, Object> device = new LinkedHashMap<>();
      device.put("sampling_rate", spikes.rate());
      device.put("chunk_size", spikes.chunk());
      device.put("offset", spikes.offset());
      device.put(
          "interpolation",
          Map.of(
              "interpolation_window",
              spikes.window(),
              "interpolation_align",
              spikes.align(),
              "smoothing_sigma",
              spikes.sigma()));
      devices.put("spikes", device);
    }
    SlowDataset.Labels labels = plain.labels();
    if (labels != null) {
      Map<String, Object> device = new LinkedHashMap<>();
      device.put("sampling_rate", labels.rate());
      device.put("chunk_size", labels.chunk());
      device.put("offset", labels.offset());
      devices.put("labels", device);
    }
    Map<String, Object> all = new HashMap<>();
    all.put("modality_config", devices);
    all.put("safe_interval_threshold", plain.threshold());
    all.put("interpolate_precision", plain.precision());
    all.put("normalize_timestamps", false);
    all.put("seed", SHUFFLED_BY);
    return DatasetConfig.parse(Json.write(all), "case");
  }

  /** Returns how the two differ in a case; null where they agree. */
  private String difference(Draw d) throws IOException {
    SlowDataset plain = draw(d);
    Path root = folder.resolve("r" + number++);
    try {
      write(root, plain, d);
      return difference(root, plain);
    } finally {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private String difference(Path root, SlowDataset plain) {
    double[] starts = plain.starts();
    ChunkDataset opened;
    try {
      opened = ChunkDataset.open(root, config(plain));
    } catch (RecordingException e) {
      return starts == null ? null : "cannot be opened: " + e.getMessage();
    }
    try (ChunkDataset dataset = opened) {
      if (starts == null) {
        return "opens, without a common range";
      }
      if (!Arrays.equals(starts, dataset.startTimes())) {
        return "starts "
            + Arrays.toString(dataset.startTimes())
            + ", expected "
            + Arrays.toString(starts);
      }
      for (int i = 0; i < starts.length; i++) {
        String differs = chunk(dataset, plain, i, starts[i]);
        if (differs != null) {
          return "chunk " + i + " at " + starts[i] + ": " + differs;
        }
      }
      dataset.shuffle();
      double[] shuffled = plain.shuffled(SHUFFLED_BY);
      return Arrays.equals(shuffled, dataset.startTimes())
          ? null
          : "shuffled "
              + Arrays.toString(dataset.startTimes())
              + ", expected "
              + Arrays.toString(shuffled);
    }
  }

  private String chunk(ChunkDataset dataset, SlowDataset plain, int index, double start) {
    Map<String, double[][]> expected = new LinkedHashMap<>();
    String shortened = null;
    float[][] frames = null;
    double[][] counts = null;
    double[][] memberships = null;
    try {
      frames = plain.frames(start);
      counts = plain.spikes() == null ? null : plain.counts(start);
      memberships = plain.labels() == null ? null : plain.memberships(start);
      plain.sequences().forEach((name, s) -> expected.put(name, plain.values(s, start)));
    } catch (SlowDataset.ShortChunk e) {
      shortened = e.getMessage();
    }
    chunks++;
    try (Chunk chunk = dataset.item(index)) {
      if (shortened != null) {
        return "is read, but " + shortened;
      }
      Tensor screen = chunk.tensor("screen");
      String odd = frames(screen, plain, frames);
      if (odd != null) {
        return odd;
      }
      for (Map.Entry<String, double[][]> entry : expected.entrySet()) {
        SlowDataset.Sequence s = plain.sequences().get(entry.getKey());
        String differs =
            values(chunk.tensor(entry.getKey()), SlowDataset.type(s), entry.getValue(), s.linear());
        if (differs != null) {
          return entry.getKey() + " " + differs;
        }
        double[] times = plain.times(start, s.rate(), s.chunk(), s.offset());
        double[] found =
            chunk.timestamps().get(entry.getKey()).data().toArray(ValueLayout.JAVA_DOUBLE);
        if (!Arrays.equals(times, found)) {
          return "times " + Arrays.toString(found) + ", expected " + Arrays.toString(times);
        }
      }
      if (counts != null) {
        String differs = values(chunk.tensor("spikes"), "float64", counts, true);
        if (differs != null) {
          return "spikes " + differs;
        }
        spikes += Arrays.stream(counts).flatMapToDouble(Arrays::stream).sum();
      }
      if (memberships != null) {
        String differs = values(chunk.tensor("labels"), "bool", memberships, false);
        if (differs != null) {
          return "labels " + differs;
        }
        inside += Arrays.stream(memberships).flatMapToDouble(Arrays::stream).sum();
      }
      return null;
    } catch (RecordingException e) {
      shorts++;
      return shortened != null ? null : "cannot be read: " + e.getMessage();
    }
  }

  private String frames(Tensor screen, SlowDataset plain, float[][] frames) {
    boolean exact =
        plain.screen().transforms().stream()
            .noneMatch(
                t -> t.name().equals("Resize") && !t.nearest() || t.name().equals("Grayscale"));
    for (int k = 0; k < frames.length; k++) {
      SlowDataset.Frame wanted = plain.transformed(frames[k]);
      long[] shape = {wanted.channels(), frames.length, wanted.height(), wanted.width()};
      if (!Arrays.equals(shape, screen.shape())) {
        return "shape " + Arrays.toString(screen.shape()) + ", expected " + Arrays.toString(shape);
      }
      int plane = wanted.height() * wanted.width();
      for (int i = 0; i < wanted.values().length; i++) {
        long at = ((long) (i / plane) * frames.length + k) * plane + i % plane;
        float found = screen.data().getAtIndex(ValueLayout.JAVA_FLOAT, at);
        float value = wanted.values()[i];
        // weights in float32, and sums in another order, of pixels up to 255
        double tolerance = exact ? 0 : 2e-4;
        if (found != value && !(Math.abs(found - value) <= tolerance)) {
          return "frame " + k + " value " + i + " is " + found + ", expected " + value;
        }
      }
      transformed += plain.screen().transforms().isEmpty() ? 0 : 1;
    }
    return null;
  }

  private static String values(Tensor found, String type, double[][] expected, boolean rounded) {
    if (!found.type().numpyName().equals(type)) {
      return "is " + found.type().numpyName() + ", expected " + type;
    }
    int columns = expected[0].length;
    if (!Arrays.equals(found.shape(), new long[] {expected.length, columns})) {
      return "has the shape " + Arrays.toString(found.shape());
    }
    for (int i = 0; i < expected.length * columns; i++) {
      double x =
          switch (type) {
            case "float64" -> found.data().getAtIndex(ValueLayout.JAVA_DOUBLE, i);
            case "float32" -> found.data().getAtIndex(ValueLayout.JAVA_FLOAT, i);
            case "int16" -> found.data().getAtIndex(ValueLayout.JAVA_SHORT, i);
            default -> found.data().get(ValueLayout.JAVA_BYTE, i) & 0xff;
          };
      double wanted = expected[i / columns][i % columns];
      // sums of means may be added in another order
      double tolerance = rounded ? 1e-9 * Math.max(1, Math.abs(wanted)) : 0;
      if (Double.compare(x, wanted) != 0 && !(Math.abs(x - wanted) <= tolerance)) {
        return "row "
            + i / columns
            + " column "
            + i % columns
            + " is "
            + x
            + ", expected "
            + wanted;
      }
    }
    return null;
  }

  private void compare(long seed) throws IOException {
    Draw whole = new Draw(seed, Set.of());
    if (difference(whole) == null) {
      return;
    }
    Set<String> left = new TreeSet<>();
    for (String part : whole.asked) {
      left.add(part);
      if (difference(new Draw(seed, left)) == null) {
        left.remove(part);
      }
    }
    Set<String> kept = new TreeSet<>(whole.asked);
    kept.removeAll(left);
    fail(
        "-Dsyncline.cases=1 -Dsyncline.seed=%d, of which %s matters: %s"
            .formatted(seed, kept, difference(new Draw(seed, left))));
  }

  @Test
  void randomRecordingsGiveWhatASecondImplementationGives() throws IOException {
    long seed = Long.getLong("syncline.seed", 20261130);
    int cases = Integer.getInteger("syncline.cases", 1000);
    System.out.println("SecondImplementationTest seed " + seed + ", " + cases + " cases");
    try (LogCapture warnings = new LogCapture()) {
      for (int n = 0; n < cases; n++) {
        compare(seed + n);
      }
      // clocks that disagree and chunks past a range are in these cases on purpose
      assertFalse(warnings.messages().isEmpty());
    }
    assertTrue(spikes > 1000 && inside > 1000, spikes + " spikes, " + inside + " times in labels");
    assertTrue(transformed > 1000, transformed + " frames behind transforms");
    assertTrue(shorts > 0 && shorts < chunks / 2, shorts + " short chunks of " + chunks);
    System.out.println(
        "SecondImplementationTest: " + chunks + " chunks compared, " + shorts + " of them short");
  }
}
