/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.config.DataloaderConfig;
import org.syncline.config.DatasetConfig;
import org.syncline.config.InterpolationConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.config.NanPolicy;
import org.syncline.config.NormalizationConfig;
import org.syncline.config.Target;
import org.syncline.config.TrialCondition;
import org.syncline.device.Columns;
import org.syncline.device.Interpolator;
import org.syncline.device.MetaFile;
import org.syncline.device.Problems;
import org.syncline.error.ConfigException;
import org.syncline.interval.TimeInterval;
import org.syncline.loader.Batch;
import org.syncline.loader.BatchFeed;
import org.syncline.loader.BatchLoader;
import org.syncline.loader.ChunkLoader;
import org.syncline.loader.Cycle;
import org.syncline.loader.LoaderBuilder;
import org.syncline.loader.Remainder;
import org.syncline.loader.SessionLoader;
import org.syncline.stats.DeviceStatistics;
import org.syncline.stats.RecordingStatistics;
import org.syncline.testdata.Recordings;
import org.syncline.transform.FramePlan;
import org.syncline.transform.FrameShape;
import org.syncline.transform.Normalization;
import org.syncline.write.RecordingWriter;
import org.syncline.write.ScreenWriter;
import org.syncline.write.SequenceWriter;
import org.syncline.write.SpikesWriter;

/**
 * Every public method and constructor of every exported package takes null where the parameter is
 * {@code @Nullable}, and else names the parameter. Found by reflection: a new method is asked, too.
 */
@Tag("any-width")
class NullArgumentsTest {
  /** What others implement and the library calls; static methods are asked all the same. */
  private static final Set<String> CALLED_BY_THE_LIBRARY =
      Set.of(
          "Block",
          "Bound",
          "Cursor",
          "DeviceMeta",
          "Filter",
          "FrameTransform",
          "MissingSamples",
          "Modality",
          "RegistryProvider",
          "ScreenTransform",
          "StoredRows",
          "Trials");

  @TempDir static Path folder;

  private final Map<Class<?>, Object> samples = new HashMap<>();
  private final Map<Class<?>, Callable<?>> targets = new HashMap<>();
  private int devices;
  private final List<AutoCloseable> open = new ArrayList<>();

  private <T extends AutoCloseable> T opened(T object) {
    open.add(object);
    return object;
  }

  private <T> void sample(Class<T> type, T object) {
    samples.put(type, object);
  }

  private <T> void target(Class<T> type, Callable<? extends T> make) {
    targets.put(type, make);
  }

  private void prepare() throws Exception {
    Path root = folder.resolve("recording");
    Recordings.defaultConfig(root, 5).seconds(20).write();
    DatasetConfig config = DefaultConfigs.forRecording(root);
    ChunkDataset dataset = opened(ChunkDataset.open(root, config));
    Experiment experiment = dataset.experiment();
    ChunkLoader loader = opened(ChunkLoader.builder().dataset(dataset).build());
    SessionLoader fed = opened(SessionLoader.builder().add(dataset).fed().build());
    Batch batch = opened(loader.next());
    MemorySegment memory = Arena.ofAuto().allocate(1 << 12, 64);
    Tensor tensor = new Tensor(ElementType.FLOAT32, new long[] {2, 3}, memory.asSlice(0, 24));
    Path meta = root.resolve("responses");
    RecordingWriter writer = opened(RecordingWriter.create(folder.resolve("written")));
    DeviceStatistics statistics = RecordingStatistics.of(root).compute().get("responses");
    FramePlan.Builder frames = FramePlan.builder(ElementType.UINT8, new FrameShape(1, 4, 4), false);
    frames.normalize(new double[] {0}, new double[] {1});
    FramePlan plan = frames.build(ElementType.FLOAT32);
    Target name = Target.of("x", Map.of());

    sample(boolean.class, false);
    sample(int.class, 1);
    sample(long.class, 1L);
    sample(double.class, 1.0);
    sample(Boolean.class, true);
    sample(Integer.class, 1);
    sample(Long.class, 1L);
    sample(Double.class, 1.0);
    sample(String.class, "x");
    sample(String[].class, new String[] {"x"});
    sample(Object.class, "x");
    sample(Path.class, folder.resolve("absent"));
    sample(int[].class, new int[] {1});
    sample(long[].class, new long[] {2, 3});
    sample(double[].class, new double[] {1});
    sample(float[].class, new float[] {1});
    sample(boolean[].class, new boolean[] {true});
    sample(Map.class, Map.of());
    sample(List.class, List.of());
    sample(Set.class, Set.of());
    sample(Duration.class, Duration.ZERO);
    sample(Arena.class, Arena.global());
    sample(MemorySegment.class, memory);
    sample(MemorySegment[].class, new MemorySegment[] {memory});
    sample(Consumer.class, x -> {});
    sample(Function.class, x -> null);
    sample(BiFunction.class, (x, y) -> null);
    sample(Runnable.class, () -> {});
    sample(Throwable.class, new Throwable());
    for (Object object :
        new Object[] {
          config,
          dataset,
          batch,
          tensor,
          name,
          DataloaderConfig.DEFAULT,
          InterpolationConfig.DEFAULT,
          ModalityConfig.DEFAULT,
          TrialCondition.of("tier", "train"),
          NormalizationConfig.of(NormalizationConfig.Mode.values()[0]),
          NanPolicy.KEEP,
          Registry.EMPTY,
          ReadOptions.DEFAULT,
          ElementType.FLOAT32,
          dataset.state(),
          loader.state(),
          Cycle.LONG,
          Remainder.PAD,
          new TimeInterval(0, 1),
          new Normalization(new double[] {0}, new double[] {1}),
          new FrameShape(1, 4, 4),
          new Problems(Set.of()),
          MetaFile.read(meta)
        }) {
      samples.put(object.getClass(), object);
      targets.putIfAbsent(object.getClass(), () -> object);
    }
    target(ChunkReader.class, () -> opened(dataset.reader(ReadOptions.DEFAULT)));
    target(Chunk.class, () -> opened(dataset.item(0)));
    target(Experiment.class, () -> experiment);
    target(Interpolator.class, () -> experiment.device("responses"));
    target(ReadOptions.Builder.class, ReadOptions::builder);
    target(Registry.Builder.class, Registry::builder);
    target(DataloaderConfig.Builder.class, DataloaderConfig::builder);
    target(DatasetConfig.Builder.class, DatasetConfig::builder);
    target(InterpolationConfig.Builder.class, InterpolationConfig::builder);
    target(ModalityConfig.Builder.class, ModalityConfig::builder);
    target(ChunkLoader.Builder.class, ChunkLoader::builder);
    target(SessionLoader.Builder.class, SessionLoader::builder);
    target(BatchLoader.class, () -> loader);
    target(ChunkLoader.class, () -> loader);
    target(SessionLoader.class, () -> fed);
    target(DeviceStatistics.class, () -> statistics);
    target(FramePlan.class, () -> plan);
    target(BatchFeed.class, fed::feed);
    target(Columns.class, () -> Columns.all(3, "x"));
    target(RecordingStatistics.class, () -> RecordingStatistics.of(root));
    target(RecordingWriter.class, () -> writer);
    target(SequenceWriter.class, () -> writer.irregular("s" + ++devices));
    target(ScreenWriter.class, () -> writer.screen("v" + ++devices));
    target(SpikesWriter.class, () -> writer.spikes("p" + ++devices));
    target(
        FramePlan.Builder.class,
        () -> FramePlan.builder(ElementType.UINT8, new FrameShape(1, 4, 4), false));
  }

  private static Set<Class<?>> publicTypes() throws Exception {
    Path compiled =
        Path.of(Chunk.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    ModuleDescriptor module;
    try (InputStream in = Files.newInputStream(compiled.resolve("module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
    Set<Class<?>> types = new java.util.LinkedHashSet<>();
    for (ModuleDescriptor.Exports export : module.exports()) {
      if (export.isQualified()) {
        continue;
      }
      try (Stream<Path> files = Files.list(compiled.resolve(export.source().replace('.', '/')))) {
        for (Path file : files.sorted().toList()) {
          String name = file.getFileName().toString();
          if (name.endsWith(".class") && !name.equals("package-info.class")) {
            Class<?> type =
                Class.forName(
                    export.source() + "." + name.substring(0, name.length() - ".class".length()));
            if (isPublic(type)) {
              types.add(type);
            }
          }
        }
      }
    }
    return types;
  }

  private static boolean isPublic(Class<?> type) {
    for (Class<?> around = type; around != null; around = around.getEnclosingClass()) {
      if (!Modifier.isPublic(around.getModifiers())) {
        return false;
      }
    }
    return true;
  }

  private static Object sampleOf(Map<Class<?>, Object> samples, Class<?> type) {
    Object sample = samples.get(type);
    if (sample == null && type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (sample == null) {
      for (Object other : samples.values()) {
        if (type.isInstance(other)) {
          return other;
        }
      }
    }
    return sample;
  }

  /** Returns whether an error names a parameter, by itself or in the words of the JDK. */
  private static boolean isNamed(Throwable e, String parameter) {
    return e instanceof NullPointerException
        ? String.valueOf(e.getMessage()).matches(".*\\b" + parameter + "\"? is null")
        : (e instanceof IllegalArgumentException || e instanceof ConfigException)
            && e.getMessage().contains("null");
  }

  private static String shortName(Executable method, Parameter parameter) {
    String type = method.getDeclaringClass().getName().replaceFirst(".*\\.", "").replace('$', '.');
    String name = method instanceof Method ? "." + method.getName() : "";
    return type + name + "(" + parameter.getName() + ")";
  }

  @Test
  void nullIsNamedOrTaken() throws Exception {
    List<String> wrong = new ArrayList<>();
    int asked = 0;
    int taken = 0;
    try {
      prepare();
      for (Class<?> type : publicTypes()) {
        List<Executable> members = new ArrayList<>(List.of(type.getMethods()));
        members.addAll(List.of(type.getConstructors()));
        for (Executable member : members) {
          boolean made = member instanceof Method;
          if (Throwable.class.isAssignableFrom(type)
              || type == LoaderBuilder.class
              || !member.getDeclaringClass().getName().startsWith("org.syncline")
              || member.isSynthetic()
              || type.isEnum() && member.getName().equals("valueOf")
              || member.getName().equals("equals")
              || !made && Modifier.isAbstract(type.getModifiers())) {
            continue;
          }
          boolean isStatic = Modifier.isStatic(member.getModifiers()) || !made;
          if (!isStatic && CALLED_BY_THE_LIBRARY.contains(type.getSimpleName())) {
            continue;
          }
          Parameter[] parameters = member.getParameters();
          for (int p = 0; p < parameters.length; p++) {
            if (parameters[p].getType().isPrimitive()) {
              continue;
            }
            String what = shortName(member, parameters[p]);
            Object[] arguments = new Object[parameters.length];
            String missing = null;
            for (int i = 0; i < arguments.length; i++) {
              arguments[i] = i == p ? null : sampleOf(samples, parameters[i].getType());
              if (i != p && arguments[i] == null) {
                missing = parameters[i].getType().getName();
              }
            }
            Callable<?> target = isStatic ? null : targets.get(type);
            if (missing != null || !isStatic && target == null) {
              wrong.add(what + ": no sample of " + (missing != null ? missing : type.getName()));
              continue;
            }
            asked++;
            Throwable e = null;
            try {
              if (member instanceof Method method) {
                method.setAccessible(true);
                method.invoke(target == null ? null : target.call(), arguments);
              } else {
                ((java.lang.reflect.Constructor<?>) member).newInstance(arguments);
              }
            } catch (InvocationTargetException raised) {
              e = raised.getCause();
            }
            boolean mayBeNull =
                member.getAnnotatedParameterTypes()[p].isAnnotationPresent(Nullable.class);
            boolean refused = isNamed(e, parameters[p].getName());
            if (refused == mayBeNull || mayBeNull && e instanceof NullPointerException) {
              wrong.add(
                  (mayBeNull ? "@Nullable " : "")
                      + what
                      + ": "
                      + e
                      + (e == null ? "" : " " + e.getStackTrace()[0]));
            }
            taken += mayBeNull ? 1 : 0;
          }
        }
      }
    } finally {
      for (AutoCloseable object : open) {
        object.close();
      }
    }
    assertTrue(wrong.isEmpty(), () -> wrong.size() + " found:\n" + String.join("\n", wrong));
    assertTrue(
        asked > 200 && taken > 50, "asked " + asked + ", " + taken + " of which may be null");
  }

  @Test
  void exportedPackagesSayWhatMayBeNull() throws Exception {
    List<String> unmarked = new ArrayList<>();
    for (Class<?> type : publicTypes()) {
      if (!type.getPackage().isAnnotationPresent(NullMarked.class)) {
        unmarked.add(type.getName());
      }
    }
    assertEquals(List.of(), unmarked);
  }
}
