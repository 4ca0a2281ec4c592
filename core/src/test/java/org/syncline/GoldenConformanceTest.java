/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.array.TensorSpec;
import org.syncline.config.DatasetConfig;
import org.syncline.config.Target;
import org.syncline.device.Interpolation;
import org.syncline.error.RecordingException;
import org.syncline.interval.TimeInterval;
import org.syncline.interval.algebra.Intervals;
import org.syncline.loader.GoldenSessions;
import org.syncline.random.LegacyRandomState;
import org.syncline.storage.Dtype;
import org.syncline.testdata.Goldens;
import org.syncline.testdata.Goldens.Golden;
import org.syncline.testdata.Json;
import org.syncline.testdata.NpyFile;
import org.syncline.transform.FrameShape;
import org.syncline.transform.ScreenTransform;

/**
 * Runs every call of every golden and compares with what the original gave: bits, except where an
 * operation's tolerance is written below.
 */
class GoldenConformanceTest {
  /** Resizes and screen transforms, on the scale of 0 to 255. */
  private static final double SCREEN = 1e-3;

  private static final double GAUSSIAN = 1e-12;
  private static final double RECOMPUTED = 1e-5;
  private static final int LINEAR_ULPS = 2;

  private static final Map<String, Integer> CALLS = new LinkedHashMap<>();

  static {
    CALLS.put("chunks-default", 8);
    CALLS.put("chunks-linear", 2);
    CALLS.put("intervals", 40);
    CALLS.put("normalisation", 5);
    CALLS.put("page-example", 1);
    CALLS.put("random-state", 6);
    CALLS.put("real-recordings", 15);
    CALLS.put("rescale-enlarge", 2);
    CALLS.put("rescale-mixed", 2);
    CALLS.put("rescale-shrink", 2);
    CALLS.put("rescale-shrink-uneven", 2);
    CALLS.put("screen-colour", 1);
    CALLS.put("screen-transforms", 15);
    CALLS.put("sequence", 31);
    CALLS.put("sessions", 4);
    CALLS.put("spikes-and-labels", 7);
  }

  @TempDir static Path folder;

  private final Map<String, Integer> ran = new LinkedHashMap<>();

  @TestFactory
  List<DynamicNode> goldens() {
    assertEquals(CALLS.keySet(), new TreeSet<>(Goldens.cases()), "cases");
    Path real = realRecordings();
    List<DynamicNode> nodes = new ArrayList<>();
    int expected = 0;
    for (String name : Goldens.cases()) {
      if (name.equals("real-recordings") && real == null) {
        continue;
      }
      Golden golden = Goldens.unpack(name, folder);
      List<DynamicNode> calls = new ArrayList<>();
      for (int i = 0; i < golden.calls().size(); i++) {
        Map<String, Object> call = golden.calls().get(i);
        calls.add(
            dynamicTest(
                i + " " + call.get("op") + " " + call.getOrDefault("device", ""),
                () -> {
                  ran.merge(name, 1, Integer::sum);
                  run(golden, call, real);
                }));
      }
      int n = CALLS.get(name);
      expected += n;
      calls.add(dynamicTest("all " + n + " calls ran", () -> assertEquals(n, ran.get(name))));
      nodes.add(dynamicContainer(name, calls));
    }
    int total = expected;
    nodes.add(
        dynamicTest(
            "all " + total + " calls ran",
            () -> {
              assertEquals(total, ran.values().stream().mapToInt(Integer::intValue).sum());
              assertEquals(real == null ? 128 : 143, total);
            }));
    return nodes;
  }

  /**
   * Looks for shared/real beside this project or beside a folder that holds it; null where there is
   * none.
   */
  private static Path realRecordings() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path real = at.resolve("shared").resolve("real");
      if (Files.isDirectory(real)) {
        return real;
      }
    }
    return null;
  }

  private static void run(Golden golden, Map<String, Object> call, Path real) {
    switch ((String) call.get("op")) {
      case "dataset" -> dataset(golden, call);
      case "interpolate" -> interpolate(golden, call, real);
      case "screen_transforms" -> screenTransforms(golden, call);
      case "intervals" -> intervals(call);
      case "random" -> random(call);
      case "sessions" -> GoldenSessions.check(call);
      default -> throw new IllegalArgumentException("unknown op " + call.get("op"));
    }
  }

  // ---- datasets ----

  private static void dataset(Golden golden, Map<String, Object> call) {
    Map<String, Object> parameters = new LinkedHashMap<>(Json.object(call.get("parameters")));
    parameters.put("modality_config", call.get("modality_config"));
    DatasetConfig config = DatasetConfig.parse(Json.write(parameters), golden.name());
    try (ChunkDataset dataset = ChunkDataset.open(golden.experiment(), config)) {
      assertEquals(call.get("data_key"), dataset.dataKey(), "data key");
      assertEquals(number(call, "start_time"), dataset.startTime(), "start");
      assertEquals(number(call, "end_time"), dataset.endTime(), "end");
      same(
          golden.array(call.get("starts")),
          doubles(dataset.startTimes()),
          "start times",
          Tolerance.BITS);
      assertEquals(number(call, "length"), dataset.length(), "length");
      for (Object sample : Json.list(call.get("samples"))) {
        sample(golden, call, dataset, Json.object(sample));
      }
      if (call.get("shuffled") != null) {
        int round = 0;
        for (Object file : Json.list(call.get("shuffled"))) {
          dataset.shuffle();
          same(
              golden.array(file),
              doubles(dataset.startTimes()),
              "shuffle " + ++round,
              Tolerance.BITS);
        }
      }
    }
  }

  private static void sample(
      Golden golden, Map<String, Object> call, ChunkDataset dataset, Map<String, Object> sample) {
    int index = ((Number) sample.get("index")).intValue();
    Map<String, Object> values = Json.object(sample.get("values"));
    Map<String, Object> timestamps = Json.object(sample.get("timestamps"));
    List<String> shorter =
        values.keySet().stream()
            .filter(d -> !d.equals("screen"))
            .filter(d -> golden.array(values.get(d)).shape()[0] < dataset.chunkSizes().get(d))
            .toList();
    if (shorter.isEmpty()) {
      try (Chunk chunk = dataset.item(index)) {
        compare(golden, call, sample, values.keySet(), chunk.values(), chunk.timestamps());
      }
      return;
    }
    // the original hands out fewer rows than asked for; here that is an error (deliberate
    // difference 11)
    RecordingException e =
        assertThrows(RecordingException.class, () -> dataset.item(index).close());
    for (String device : shorter) {
      assertTrue(e.getMessage().contains(device), e.getMessage());
      same(
          golden.array(values.get(device)),
          shortRows(golden, call, dataset, index, device),
          "sample " + index + " " + device,
          Tolerance.BITS);
    }
    List<String> keys = new ArrayList<>(values.keySet());
    keys.removeAll(shorter);
    Set<String> rest = new TreeSet<>(keys);
    if (!timestamps.isEmpty()) {
      keys.add("timestamps");
    }
    try (Arena arena = Arena.ofConfined();
        ChunkReader reader = dataset.reader(ReadOptions.builder().outKeys(keys).build())) {
      List<TensorSpec> layout = reader.layout();
      MemorySegment[] segments = new MemorySegment[layout.size()];
      Map<String, Tensor> found = new LinkedHashMap<>();
      Map<String, Tensor> times = new LinkedHashMap<>();
      for (int i = 0; i < segments.length; i++) {
        TensorSpec spec = layout.get(i);
        segments[i] = arena.allocate(spec.bytes(), 64);
        (spec.timestamps() ? times : found)
            .put(spec.key(), new Tensor(spec.type(), spec.shape(), segments[i]));
      }
      reader.read(index, segments, new long[segments.length]);
      compare(golden, call, sample, rest, found, times);
    }
  }

  private static void compare(
      Golden golden,
      Map<String, Object> call,
      Map<String, Object> sample,
      Set<String> devices,
      Map<String, Tensor> values,
      Map<String, Tensor> timestamps) {
    Object index = sample.get("index");
    assertEquals(devices, values.keySet(), "entries of sample " + index);
    for (String device : devices) {
      Map<String, Object> modality =
          Json.object(Json.object(call.get("modality_config")).get(device));
      same(
          golden.array(Json.object(sample.get("values")).get(device)),
          tensor(values.get(device)),
          "sample " + index + " " + device,
          tolerance(device, modality));
    }
    Map<String, Object> expected = Json.object(sample.get("timestamps"));
    assertEquals(expected.keySet(), timestamps.keySet(), "timestamps of sample " + index);
    for (Map.Entry<String, Object> entry : expected.entrySet()) {
      same(
          golden.array(entry.getValue()),
          tensor(timestamps.get(entry.getKey())),
          "sample " + index + " timestamps of " + entry.getKey(),
          Tolerance.BITS);
    }
  }

  /**
   * Computes the rows that there are of a chunk that would be short, from the times and statistics,
   * step by step.
   */
  private static NpyFile shortRows(
      Golden golden, Map<String, Object> call, ChunkDataset dataset, int index, String device) {
    Map<String, Object> modality =
        Json.object(Json.object(call.get("modality_config")).get(device));
    assertEquals("responses", device);
    assertEquals(
        "normalize_variance_only",
        Json.object(modality.get("transforms")).get("normalization"),
        "normalisation");
    double p = 1e5;
    double start = dataset.startTimes()[index];
    double first = Math.rint(start * p) + Math.rint(number(modality, "offset") * p);
    double[] times = new double[dataset.chunkSizes().get(device)];
    for (int k = 0; k < times.length; k++) {
      times[k] = (first + k * Math.rint(p / dataset.samplingRates().get(device))) / p;
    }
    Interpolation found = dataset.experiment().interpolate(times, device);
    double[] stds =
        NpyFile.read(golden.experiment().resolve(device).resolve("meta/stds.npy")).doubles();
    double floor = 0.01 * Arrays.stream(stds).filter(v -> !Double.isNaN(v)).average().orElseThrow();
    NpyFile stored = tensor(found.values());
    assertEquals("float32", stored.typeName());
    ByteBuffer normalized = ByteBuffer.allocate(stored.count() * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < stored.count(); i++) {
      double std = stds[i % stds.length];
      normalized.putFloat((float) stored.get(i) / (float) (std < floor ? floor : std));
    }
    return new NpyFile("<f4", stored.shape(), normalized);
  }

  private static Tolerance tolerance(String device, Map<String, Object> modality) {
    Map<String, Object> transforms = Json.object(modality.getOrDefault("transforms", Map.of()));
    Object normalization = transforms == null ? null : transforms.get("normalization");
    if (device.equals("screen")) {
      // where no frame changes its size, normalised pixels have the original's bits
      boolean resized = transforms.containsKey("Resize") && transforms.containsKey("Normalize");
      return resized
          ? new Tolerance(SCREEN / number(Json.object(transforms.get("Normalize")), "std"), 0, 0)
          : Tolerance.BITS;
    }
    if (normalization instanceof String mode && mode.startsWith("recompute")) {
      return new Tolerance(RECOMPUTED, RECOMPUTED, 0);
    }
    Map<String, Object> interpolation =
        Json.object(modality.getOrDefault("interpolation", Map.of()));
    return "linear".equals(interpolation.get("interpolation_mode"))
        ? new Tolerance(0, 0, LINEAR_ULPS)
        : Tolerance.BITS;
  }

  // ---- single devices ----

  private static void interpolate(Golden golden, Map<String, Object> call, Path real) {
    Map<String, Object> options = new LinkedHashMap<>(Json.object(call.get("options")));
    boolean cache = Boolean.TRUE.equals(options.remove("cache_data"));
    String device = (String) call.get("device");
    DatasetConfig config =
        DatasetConfig.parse(
            Json.write(
                Map.of(
                    "modality_config",
                    Map.of(
                        device,
                        Map.of("sampling_rate", 1, "chunk_size", 1, "interpolation", options)))),
            golden.name());
    Path root =
        call.get("recording") == null
            ? golden.experiment()
            : real.resolve((String) call.get("recording"));
    try (Experiment experiment =
        Experiment.open(root, config.modalities(), cache, Registry.services())) {
      assertEquals(List.of(device), experiment.deviceNames());
      if (call.get("start_time") != null) {
        assertEquals(number(call, "start_time"), experiment.device(device).startTime(), "start");
        assertEquals(number(call, "end_time"), experiment.device(device).endTime(), "end");
      }
      Interpolation found =
          experiment.interpolate(golden.array(call.get("times")).doubles(), device);
      double[] valid = golden.array(call.get("valid")).doubles();
      assertArrayEquals(
          valid, Arrays.stream(found.valid()).asDoubleStream().toArray(), "valid times");
      Tolerance tolerance = Tolerance.BITS;
      if (options.get("rescale") != null) {
        tolerance = new Tolerance(SCREEN, 0, 0);
      } else if (options.get("smoothing_sigma") != null) {
        tolerance = new Tolerance(GAUSSIAN, 0, 0);
      } else if ("linear".equals(options.get("interpolation_mode"))) {
        tolerance = new Tolerance(0, 0, LINEAR_ULPS);
      }
      same(golden.array(call.get("values")), tensor(found.values()), device, tolerance);
    }
  }

  private static void screenTransforms(Golden golden, Map<String, Object> call) {
    NpyFile frames = golden.array(call.get("frames"));
    long[] axes = frames.shape();
    int clip = (int) axes[0];
    FrameShape shape = new FrameShape((int) axes[1], (int) axes[2], (int) axes[3]);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate((long) frames.count() * Float.BYTES, 64);
      for (int i = 0; i < frames.count(); i++) {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) frames.get(i));
      }
      for (Object given : Json.list(call.get("transforms"))) {
        Map<String, Object> arguments = new LinkedHashMap<>(Json.object(given));
        String name = (String) arguments.remove("_target_");
        String key = name.substring(name.lastIndexOf('.') + 1);
        ScreenTransform transform =
            Registry.EMPTY.transform(Target.of(name, arguments).at(key, golden.name()));
        FrameShape output = transform.outputShape(shape);
        MemorySegment next = arena.allocate((long) clip * output.pixels() * Float.BYTES, 64);
        transform.apply(data, shape, clip, next);
        data = next;
        shape = output;
      }
      long[] result = {clip, shape.channels(), shape.height(), shape.width()};
      same(
          golden.array(call.get("values")),
          tensor(new Tensor(ElementType.FLOAT32, result, data)),
          call.get("transforms").toString(),
          new Tolerance(SCREEN, 0, 0));
    }
  }

  // ---- intervals and random numbers ----

  private static void intervals(Map<String, Object> call) {
    List<TimeInterval> a = parseIntervals(call.get("a"));
    List<TimeInterval> b = parseIntervals(call.get("b"));
    assertEquals(parseIntervals(call.get("unique_a")), Intervals.unique(a), "unique");
    assertEquals(
        parseIntervals(call.get("intersection")), Intervals.intersection(a, b), "intersection");
    assertEquals(parseIntervals(call.get("union")), Intervals.union(a, b), "union");
    assertEquals(
        parseIntervals(call.get("complement_a")), Intervals.complement(a, 1, 9), "complement");
    assertEquals(call.get("statistics_a"), Intervals.statistics(a, 1, 9), "statistics");
  }

  private static List<TimeInterval> parseIntervals(Object value) {
    return Json.list(value).stream()
        .map(Json::doubles)
        .map(p -> new TimeInterval(p[0], p[1]))
        .toList();
  }

  private static void random(Map<String, Object> call) {
    LegacyRandomState random = new LegacyRandomState(((Number) call.get("seed")).longValue());
    for (long expected : Json.longs(call.get("randint_uint32"))) {
      assertEquals(expected, Integer.toUnsignedLong(random.nextUint32()));
    }
    assertArrayEquals(
        Json.longs(call.get("permutation11")),
        Arrays.stream(random.permutation(11)).asLongStream().toArray());
    double[] halves = new double[37];
    Arrays.setAll(halves, i -> i / 2.0);
    double[] chosen = random.choice(halves, 9);
    Arrays.sort(chosen);
    assertArrayEquals(Json.doubles(call.get("sorted_choice9_of_half_steps37")), chosen);
    int[] list = new int[13];
    Arrays.setAll(list, i -> i);
    random.shuffle(list);
    assertArrayEquals(
        Json.longs(call.get("shuffled_list13")), Arrays.stream(list).asLongStream().toArray());
    Map<String, Object> expected = Json.object(call.get("state"));
    LegacyRandomState.State state = random.state();
    assertArrayEquals(
        Json.longs(expected.get("key")),
        Arrays.stream(state.key()).mapToLong(Integer::toUnsignedLong).toArray());
    assertEquals(number(expected, "pos"), state.position());
    assertEquals(0, state.hasGauss());
    assertEquals(0, state.cachedGaussian());
  }

  // ---- comparing ----

  /**
   * How far values may be from the original's: the largest of the three; all zero means the same
   * bits.
   *
   * @param absolute absolute difference
   * @param relative difference relative to the value
   * @param ulps units in the last place
   */
  private record Tolerance(double absolute, double relative, int ulps) {
    static final Tolerance BITS = new Tolerance(0, 0, 0);

    double at(double value) {
      return Math.max(Math.max(absolute, relative * Math.abs(value)), ulps * Math.ulp(value));
    }
  }

  private static void same(NpyFile expected, NpyFile found, String what, Tolerance tolerance) {
    assertEquals(expected.typeName(), found.typeName(), what + ": type");
    assertArrayEquals(expected.shape(), found.shape(), what + ": shape");
    int wrong = 0;
    int first = -1;
    double worst = 0;
    for (int i = 0; i < expected.count(); i++) {
      double e = expected.get(i);
      double f = found.get(i);
      boolean same =
          expected.bits(i) == found.bits(i)
              || Double.isNaN(e) && Double.isNaN(f)
              || !tolerance.equals(Tolerance.BITS) && Math.abs(e - f) <= tolerance.at(e);
      if (!same) {
        wrong++;
        first = first < 0 ? i : first;
        worst = Math.max(worst, Double.isNaN(e - f) ? Double.POSITIVE_INFINITY : Math.abs(e - f));
      }
    }
    if (wrong > 0) {
      assertTrue(
          false,
          what
              + ": "
              + wrong
              + " of "
              + expected.count()
              + " values differ, by up to "
              + worst
              + "; element "
              + first
              + " is "
              + found.get(first)
              + ", expected "
              + expected.get(first));
    }
  }

  private static double number(Map<String, Object> call, String key) {
    return ((Number) call.get(key)).doubleValue();
  }

  private static NpyFile tensor(Tensor tensor) {
    byte[] bytes = tensor.data().toArray(ValueLayout.JAVA_BYTE);
    return new NpyFile(
        Dtype.of(tensor.type()).descriptor(),
        tensor.shape(),
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
  }

  private static NpyFile doubles(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return new NpyFile("<f8", new long[] {values.length}, bytes);
  }
}
