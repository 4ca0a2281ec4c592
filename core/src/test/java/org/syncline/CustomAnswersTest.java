/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.TrialCondition;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Layout;
import org.syncline.device.MetaFile;
import org.syncline.device.MissingSamples;
import org.syncline.device.Modality;
import org.syncline.device.Problems;
import org.syncline.device.Sampler;
import org.syncline.device.Trials;
import org.syncline.error.ConfigException;
import org.syncline.filter.Filter;
import org.syncline.interval.TimeInterval;
import org.syncline.transform.FrameShape;
import org.syncline.transform.Normalization;
import org.syncline.transform.ScreenTransform;

/**
 * Every answer of a part of a program's own that cannot be is an error that names class, method,
 * what came and what should: methods are enumerated, each in turn answers null.
 */
@Tag("any-width")
class CustomAnswersTest {
  private static final Ramp RAMP = new Ramp(2);

  @TempDir Path folder;

  /** A device that offers everything. */
  private static final class Full implements Interpolator {
    private final Trials trials;
    private final Sampler sampler;

    Full(Trials trials, Sampler sampler) {
      this.trials = trials;
      this.sampler = sampler;
    }

    @Override
    public double startTime() {
      return RAMP.startTime();
    }

    @Override
    public double endTime() {
      return RAMP.endTime();
    }

    @Override
    public TimeInterval validInterval() {
      return RAMP.validInterval();
    }

    @Override
    public Interpolation interpolate(double[] times) {
      return RAMP.interpolate(times);
    }

    @Override
    public Sampler sampler() {
      return sampler;
    }

    @Override
    public Optional<double[]> storedTimes(double from, double to) {
      return Optional.of(new double[] {from, (from + to) / 2});
    }

    @Override
    public Optional<Trials> trials() {
      return Optional.of(trials);
    }

    @Override
    public Optional<Normalization> computeStatistics() {
      return Optional.of(new Normalization(new double[] {0}, new double[] {1}));
    }

    @Override
    public Optional<MissingSamples> missingSamples() {
      return Optional.of(action -> {});
    }

    @Override
    public Optional<DoubleBinaryOperator> finiteShare() {
      return Optional.of((from, to) -> 1);
    }

    @Override
    public Optional<Map<String, List<TimeInterval>>> labelledIntervals() {
      return Optional.of(Map.of("run", List.of(validInterval())));
    }

    @Override
    public void close() {}
  }

  /** Three trials of four seconds. */
  private static final class Three implements Trials {
    @Override
    public int count() {
      return 3;
    }

    @Override
    public double start(int trial) {
      return 4 * trial;
    }

    @Override
    public boolean[] match(List<TrialCondition> conditions) {
      boolean[] all = new boolean[3];
      Arrays.fill(all, conditions.stream().anyMatch(c -> c.values().containsValue("x")));
      return all;
    }

    @Override
    public Map<String, Object> describe(int trial) {
      return Map.of("metadata", Map.of("tier", "x"));
    }
  }

  /** The same part, but for one method, which gives another answer. */
  private static <T> T but(Class<T> type, T part, String method, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method)) {
                return answer;
              }
              try {
                return called.invoke(part, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  private static Interpolator full(Trials trials) {
    return new Full(trials, RAMP.sampler());
  }

  private static Registry with(Interpolator device) {
    return Registry.builder()
        .interpolator("own", (folder, arguments) -> device)
        .filter("no_test", target -> but(Filter.class, d -> List.of(), "chunks", null))
        .build();
  }

  private static DatasetConfig config(String more) {
    return DatasetConfig.parse(
        "lead_device: own\nout_keys: [own, meta.tier]\nmodality_config:\n  own:\n    sampling_rate: 4\n    chunk_size: 4\n"
            + "    interpolation: {_target_: own}\n"
            + more,
        "test");
  }

  /** Asks a device for all that it may offer. */
  private void use(Interpolator device) {
    Registry registry = with(device);
    DatasetConfig config =
        config(
            """
                transforms: {normalization: recompute_behavior}
                valid_condition: [{tier: x}, {tier: y}]
                filters:
                  missing: {_target_: nan_filter}
                  share: {_target_: finite_filter}
                  label: {_target_: label_filter, device: own, label: run}
            """);
    try (ChunkDataset dataset = ChunkDataset.open(folder, config, registry)) {
      assertTrue(dataset.length() > 0);
      dataset.item(0).close();
      dataset.categories("tier");
      dataset.state();
      dataset.experiment().interpolate(new double[] {1}, "own");
      dataset.experiment().interpolate(new double[] {1});
    }
    try (Experiment experiment =
        Experiment.open(
            folder,
            Map.of("own", config.modalities().get("own").toBuilder().samplingRate(null).build()),
            false,
            registry)) {
      experiment.query(0, 2, Map.of());
    }
  }

  @Test
  void aDeviceThatOffersEverythingIsRead() {
    use(full(new Three()));
  }

  /** Methods of a part whose answer may not be null. */
  private static Stream<String> methods(Class<?> type, String... mayBeNull) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(m -> !m.isSynthetic() && !java.lang.reflect.Modifier.isStatic(m.getModifiers()))
        .filter(m -> !java.lang.reflect.Modifier.isPrivate(m.getModifiers()))
        .filter(m -> !m.getReturnType().isPrimitive())
        .map(Method::getName)
        .distinct()
        .filter(name -> !List.of(mayBeNull).contains(name))
        .sorted();
  }

  private static void named(String method, Throwable e) {
    assertEquals(IllegalStateException.class, e.getClass(), e.toString());
    assertTrue(
        e.getMessage().matches("(?s)\\S+\\." + method + "(\\(.*\\))? returned null, expected .+"),
        e.getMessage());
  }

  static Stream<String> answersOfDevices() {
    return methods(Interpolator.class);
  }

  @ParameterizedTest
  @MethodSource("answersOfDevices")
  void nullOfADeviceIsNamed(String method) {
    Interpolator device = but(Interpolator.class, full(new Three()), method, null);
    named(method, assertThrows(Throwable.class, () -> use(device)));
  }

  static Stream<String> answersOfTrials() {
    return methods(Trials.class, "metadataValue", "kind");
  }

  @ParameterizedTest
  @MethodSource("answersOfTrials")
  void nullOfTrialsIsNamed(String method) {
    Trials trials = but(Trials.class, new Three(), method, null);
    Trials asked =
        method.equals("describe")
            ? new Trials() {
              @Override
              public int count() {
                return trials.count();
              }

              @Override
              public double start(int trial) {
                return trials.start(trial);
              }

              @Override
              public boolean[] match(List<TrialCondition> conditions) {
                return trials.match(conditions);
              }

              @Override
              public Map<String, Object> describe(int trial) {
                return null;
              }
            }
            : trials;
    named(method, assertThrows(Throwable.class, () -> use(full(asked))));
  }

  @ParameterizedTest
  @MethodSource("answersOfSamplers")
  void nullOfASamplerIsNamed(String method) {
    Sampler sampler = but(Sampler.class, RAMP.sampler(), method, null);
    named(method, assertThrows(Throwable.class, () -> use(new Full(new Three(), sampler))));
  }

  static Stream<String> answersOfSamplers() {
    return methods(Sampler.class);
  }

  static Stream<String> answersOfModalities() {
    return methods(Modality.class, "name");
  }

  private static final class OwnModality implements Modality {
    private final DeviceMeta meta;

    OwnModality(DeviceMeta meta) {
      this.meta = meta;
    }

    @Override
    public String name() {
      return "own";
    }

    @Override
    public DeviceMeta read(MetaFile file) {
      if (file.isNull("needed")) {
        throw file.error("needed", "nothing", "something", null);
      }
      return meta;
    }
  }

  private record OwnMeta(Path folder) implements DeviceMeta {
    @Override
    public String modality() {
      return "own";
    }

    @Override
    public double startTime() {
      return RAMP.startTime();
    }

    @Override
    public double endTime() {
      return RAMP.endTime();
    }

    @Override
    public boolean timesDeclared() {
      return true;
    }

    @Override
    public Interpolator open(ModalityConfig config, boolean cache) {
      return RAMP;
    }

    @Override
    public void check(Problems problems) {}
  }

  @ParameterizedTest
  @MethodSource("answersOfModalities")
  void nullOfAModalityIsNamed(String method) {
    Handmade.write(
        folder.resolve("own/meta.yml"),
        "modality: own\n" + (method.equals("placeholders") ? "" : "needed: 1\n"));
    Modality modality =
        but(Modality.class, new OwnModality(new OwnMeta(folder.resolve("own"))), method, null);
    Registry registry = Registry.builder().modality(modality).build();
    named(method, assertThrows(Throwable.class, () -> Validator.validate(folder, registry)));
  }

  static Stream<String> answersOfMetas() {
    return methods(DeviceMeta.class, "modality");
  }

  @ParameterizedTest
  @MethodSource("answersOfMetas")
  void nullOfAMetaIsNamed(String method) {
    Handmade.write(folder.resolve("own/meta.yml"), "modality: own\nneeded: 1\n");
    DeviceMeta meta = but(DeviceMeta.class, new OwnMeta(folder.resolve("own")), method, null);
    Registry registry = Registry.builder().modality(new OwnModality(meta)).build();
    named(method, assertThrows(Throwable.class, () -> Validator.validate(folder, registry)));
    named(
        method,
        assertThrows(
            Throwable.class,
            () ->
                ChunkDataset.open(folder, DefaultConfigs.forRecording(folder, registry), registry)
                    .close()));
  }

  @Test
  void nullOfAFiltersTestIsNamed() {
    DatasetConfig config = config("    filters: {mine: {_target_: no_test}}\n");
    named(
        "chunks",
        assertThrows(
            Throwable.class,
            () -> ChunkDataset.open(folder, config, with(full(new Three()))).close()));
  }

  /** A transform of the program's own that does not say what comes of its frames. */
  private static final class Shapeless implements ScreenTransform {
    @Override
    public @Nullable FrameShape outputShape(FrameShape input) {
      return null;
    }

    @Override
    public void apply(MemorySegment source, FrameShape shape, int frames, MemorySegment to) {
      to.copyFrom(source);
    }
  }

  @Test
  void nullOfATransformAndOfWhatMakesPartsIsNamed() {
    new Handmade(folder).screen(0, 10, List.of(Handmade.video(60)));
    String screen =
        "modality_config:\n  screen:\n    sampling_rate: 10\n    chunk_size: 4\n"
            + "    transforms: {own: {_target_: own}}\n";
    String filtered = screen.replace("transforms", "filters");
    Registry none =
        Registry.builder().transform("own", target -> null).filter("own", target -> null).build();
    Registry shapeless = Registry.builder().transform("own", target -> new Shapeless()).build();
    Map<Map.Entry<String, Registry>, String> cases =
        Map.of(
            Map.entry(screen, shapeless),
            Shapeless.class.getName() + ".outputShape returned null, expected the shape of what",
            Map.entry(screen, none),
            "what is registered as 'own' returned null, expected a screen transform",
            Map.entry(filtered, none),
            "what is registered as 'own' returned null, expected a filter");
    cases.forEach(
        (given, message) -> {
          DatasetConfig config = DatasetConfig.parse(given.getKey(), "c");
          ConfigException e =
              assertThrows(
                  ConfigException.class,
                  () -> ChunkDataset.open(folder, config, given.getValue()).close());
          assertTrue(e.getMessage().contains(message), e.getMessage());
          assertTrue(
              e.getMessage().startsWith("c:") || e.getMessage().contains("screen: transforms: "),
              e.getMessage());
        });
  }

  private void refused(Interpolator device, String message) {
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> use(device));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|.storedRate returned 0.0 Hz, expected a positive rate",
        "-8|.storedRate returned -8.0 Hz, expected a positive rate",
        "Infinity|.storedRate returned Infinity Hz, expected a positive rate"
      })
  void ratesThatCannotBe(double rate, String message) {
    refused(but(Interpolator.class, full(new Three()), "storedRate", rate), message);
  }

  @Test
  void otherAnswersThatCannotBe() {
    Interpolator device = full(new Three());
    refused(
        but(Interpolator.class, device, "validInterval", new TimeInterval(Double.NaN, Double.NaN)),
        ".validInterval returned NaN to NaN s, expected times");
    refused(
        but(Interpolator.class, device, "isOnGrid", true),
        ".storedRate returned NaN Hz, expected a positive rate");
    DoubleBinaryOperator odd = (from, to) -> Double.NaN;
    refused(
        but(Interpolator.class, device, "finiteShare", Optional.of(odd)),
        ".finiteShare returned NaN, expected a share from 0 to 1");
    refused(
        but(Interpolator.class, device, "layout", Layout.FRAMES),
        ".shape(1) returned [1, 1], expected (C, T, H, W) of 1 samples");
    refused(
        full(but(Trials.class, new Three(), "count", -1)),
        ".count returned -1, expected 0 or more");
    refused(
        full(but(Trials.class, new Three(), "start", Double.NaN)),
        ".start(0) returned NaN s, expected seconds in ascending order");
    refused(
        full(but(Trials.class, new Three(), "match", new boolean[2])),
        ".match returned 2 flags, expected one for each of 3 trials");
    Trials falling =
        but(
            Trials.class,
            new Trials() {
              @Override
              public int count() {
                return 2;
              }

              @Override
              public double start(int trial) {
                return -trial;
              }

              @Override
              public boolean[] match(List<TrialCondition> conditions) {
                return new boolean[2];
              }

              @Override
              public Map<String, Object> describe(int trial) {
                return Map.of();
              }
            },
            "",
            null);
    refused(full(falling), ".start(1) returned -1.0 s after 0.0 s, expected seconds in ascending");
    Sampler bad = but(Sampler.class, RAMP.sampler(), "shape", new long[] {1, 2, 3});
    refused(new Full(new Three(), bad), ".shape(1) returned [1, 2, 3], expected (T, N)");
    for (int got : new int[] {-1, 100}) {
      Sampler.Cursor cursor = but(Sampler.Cursor.class, RAMP.sampler().cursor(4), "read", got);
      refused(
          new Full(new Three(), but(Sampler.class, RAMP.sampler(), "cursor", cursor)),
          ".read returned " + got + " times, expected 0 to 4");
    }
  }

  @Test
  void indicesThatAreNotThoseOfTheTimesAreRefused() {
    Tensor four =
        new Tensor(ElementType.FLOAT64, new long[] {4, 1}, MemorySegment.ofArray(new double[4]));
    Tensor none =
        new Tensor(ElementType.FLOAT64, new long[] {0, 1}, MemorySegment.ofArray(new double[0]));
    for (int[] valid : new int[][] {{0, 0, 1, 2}, {3, 2, 1, 0}, {0, 1, 2, 3, 4}}) {
      Interpolator device =
          new Interpolator() {
            @Override
            public double startTime() {
              return 0;
            }

            @Override
            public double endTime() {
              return 12;
            }

            @Override
            public TimeInterval validInterval() {
              return new TimeInterval(0, 12);
            }

            @Override
            public Interpolation interpolate(double[] times) {
              return times.length == 0
                  ? new Interpolation(none, new int[0])
                  : new Interpolation(four, valid);
            }

            @Override
            public void close() {}
          };
      try (ChunkDataset dataset =
          ChunkDataset.open(
              folder, config("").toBuilder().outKeys(List.of("own")).build(), with(device))) {
        IllegalStateException e =
            assertThrows(IllegalStateException.class, () -> dataset.item(0).close());
        assertTrue(
            e.getMessage()
                .contains(
                    ".interpolate said that the valid ones of 4 times are "
                        + Arrays.toString(valid)
                        + ", expected each index at most once, ascending"),
            e.getMessage());
      }
    }
  }
}
