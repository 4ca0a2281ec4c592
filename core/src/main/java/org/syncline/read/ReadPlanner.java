/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.array.ElementType;
import org.syncline.array.TensorSpec;
import org.syncline.config.DatasetConfig;
import org.syncline.config.schema.Names;
import org.syncline.dataset.DatasetDevice;
import org.syncline.dataset.DatasetSettings;
import org.syncline.device.Sampler;
import org.syncline.start.SampleOrigins;

/** Compiles options of a read to the plan that its readers follow. */
public final class ReadPlanner {
  private static final String TIMESTAMPS = DatasetSettings.TIMESTAMPS;
  private static final System.Logger LOG = System.getLogger("org.syncline");
  private static final String MASK = DatasetSettings.MASK;

  /** Devices that may become channels of a screen. */
  public static final List<String> BEHAVIOUR = List.of("eye_tracker", "treadmill");

  private final Path root;
  private final Map<String, DatasetDevice> devices;
  private final SampleOrigins origins;
  private final Set<String> outKeys;
  private final boolean addBehaviour;
  private final boolean relativeTimestamps;
  private final boolean pads;

  /**
   * Plans reads of a dataset.
   *
   * @param root the recording's folder, for messages
   * @param devices by name, in the configuration's order
   * @param origins the entries beside devices and timestamps
   */
  public ReadPlanner(
      Path root,
      DatasetConfig config,
      DatasetSettings settings,
      Map<String, DatasetDevice> devices,
      SampleOrigins origins) {
    this.root = root;
    this.devices = devices;
    this.origins = origins;
    outKeys = known(settings.outKeys());
    addBehaviour = config.addBehaviorAsChannels();
    relativeTimestamps = config.normalizeTimestamps();
    pads = config.shortChunks() == DatasetConfig.ShortChunks.PAD;
    if (addBehaviour) {
      BEHAVIOUR.forEach(name -> checkBehaviour(name, devices.get(screenName()), settings));
    }
  }

  /** Warns where a device is no channels of the screen, or those of other times. */
  private void checkBehaviour(String name, DatasetDevice screen, DatasetSettings settings) {
    DatasetDevice device = devices.get(name);
    String odd = null;
    if (device == null) {
      odd = name + " is not among the devices " + devices.keySet() + ", and gives no channels";
    } else {
      double rate = settings.samplingRates().get(name);
      double expected = settings.samplingRates().get(screen.name());
      double offset = device.config().offset();
      if (rate != expected || offset != screen.config().offset()) {
        odd =
            String.format(
                Locale.ROOT,
                "%s is sampled at %s Hz with offset %s, %s at %s Hz with offset %s, so that its"
                    + " channels are not of the frames' times; give both the same",
                name,
                rate,
                offset,
                screen.name(),
                expected,
                screen.config().offset());
      }
    }
    if (odd != null) {
      LOG.log(System.Logger.Level.WARNING, root + ": add_behavior_as_channels: " + odd);
    }
  }

  /** Returns the names without those of metadata that no trial has, of which it warns. */
  private Set<String> known(Set<String> names) {
    Set<String> known = new TreeSet<>();
    for (String name : names) {
      if (!DatasetSettings.isOrigin(name) || origins.has(name)) {
        known.add(name);
      } else {
        LOG.log(
            System.Logger.Level.WARNING,
            root + ": out_keys has '" + name + "', which no trial has: left out; " + advice(name));
      }
    }
    return known;
  }

  private boolean isMask(String name) {
    return pads && name.startsWith(MASK) && devices.containsKey(name.substring(MASK.length()));
  }

  private String advice(String name) {
    List<String> all = new ArrayList<>(devices.keySet());
    all.add(TIMESTAMPS);
    all.addAll(origins.names());
    return Names.advice(name, all);
  }

  /**
   * Compiles options.
   *
   * @param types element types by device, for those that shall not have their natural one
   * @param asked entries, or null: the dataset's
   * @throws IllegalArgumentException for options that name unknown devices or keys, or a type that
   *     cannot hold what goes into it
   */
  public ReadPlan compile(Map<String, ElementType> types, List<String> asked) {
    for (String name : types.keySet()) {
      if (!devices.containsKey(name)) {
        throw new IllegalArgumentException(
            "type for unknown device '" + name + "', expected one of " + devices.keySet());
      }
    }
    Set<String> keys = outKeys;
    if (asked != null) {
      keys = new TreeSet<>(asked);
      for (String key : keys) {
        if (!devices.containsKey(key)
            && !key.equals(TIMESTAMPS)
            && !origins.has(key)
            && !isMask(key)) {
          throw new IllegalArgumentException("unknown out key '" + key + "'; " + advice(key));
        }
      }
    }
    String screen = screenName();
    boolean behaviour = addBehaviour && keys.contains(screen);
    List<String> appended =
        behaviour ? BEHAVIOUR.stream().filter(devices::containsKey).toList() : List.of();
    Map<String, Sampler> samplers = new LinkedHashMap<>();
    for (DatasetDevice device : devices.values()) {
      if (keys.contains(device.name()) && !device.name().equals(screen)
          || appended.contains(device.name())) {
        samplers.put(device.name(), device.sampler(types.get(device.name())));
        device.checkSteps(types.get(device.name()));
      }
    }
    ElementType promoted = types.get(screen);
    if (promoted == null) {
      // the screen is float32; of the others only float64 is wider among floating types, and
      // integers give way to floats
      for (String name : appended) {
        if (samplers.get(name).type() == ElementType.FLOAT64) {
          promoted = ElementType.FLOAT64;
        }
      }
    } else if (!appended.isEmpty() && !promoted.isFloating()) {
      throw new IllegalArgumentException(
          "screen as "
              + promoted.numpyName()
              + " cannot hold behaviour channels, expected a floating type");
    }
    if (keys.contains(screen)) {
      samplers.put(screen, devices.get(screen).sampler(promoted));
    }
    return assemble(keys, behaviour ? screen : null, appended, samplers);
  }

  private String screenName() {
    if (devices.containsKey("screen")) {
      return "screen";
    }
    String name =
        devices.values().stream()
            .filter(DatasetDevice::isScreen)
            .map(DatasetDevice::name)
            .findFirst()
            .orElse("");
    if (name.isEmpty() && addBehaviour) {
      throw DatasetSettings.wrong(
          "add_behavior_as_channels",
          "is true, but " + root + " has no screen among its devices " + devices.keySet());
    }
    return name;
  }

  private ReadPlan assemble(
      Set<String> keys,
      String behaviourScreen,
      List<String> appended,
      Map<String, Sampler> samplers) {
    List<TensorSpec> layout = new ArrayList<>();
    Map<String, Integer> values = new LinkedHashMap<>();
    Map<String, long[]> shapes = new LinkedHashMap<>();
    int extra = 0;
    for (String name : appended) {
      extra += Math.toIntExact(samplers.get(name).shape(1)[1]);
    }
    for (DatasetDevice device : devices.values()) {
      if (keys.contains(device.name())) {
        Sampler sampler = samplers.get(device.name());
        long[] shape = sampler.shape(device.clock().count()).clone();
        shapes.put(device.name(), shape.clone());
        if (device.name().equals(behaviourScreen)) {
          shape[0] += extra;
        }
        values.put(device.name(), layout.size());
        layout.add(new TensorSpec(device.name(), false, sampler.type(), shape));
      }
    }
    List<String> described = keys.stream().filter(DatasetSettings::isOrigin).toList();
    int firstOrigin = layout.size();
    described.forEach(name -> layout.add(origins.spec(name)));
    Map<String, Integer> masks = new LinkedHashMap<>();
    if (pads) {
      for (String name : values.keySet()) {
        masks.put(name, layout.size());
        int count = devices.get(name).clock().count();
        layout.add(new TensorSpec(MASK.concat(name), false, ElementType.BOOL, count));
      }
    }
    Map<String, Integer> stamps = new LinkedHashMap<>();
    if (keys.contains(TIMESTAMPS)) {
      for (DatasetDevice device : devices.values()) {
        stamps.put(device.name(), layout.size());
        layout.add(
            new TensorSpec(
                device.name(),
                true,
                relativeTimestamps ? ElementType.FLOAT32 : ElementType.FLOAT64,
                new long[] {device.clock().count()}));
      }
    }
    List<ReadPlan.Step> steps = new ArrayList<>();
    Map<String, Integer> stepOf = new LinkedHashMap<>();
    long scratch = 0;
    int longest = 1;
    for (DatasetDevice device : devices.values()) {
      String name = device.name();
      Sampler sampler = samplers.get(name);
      if (sampler == null && !stamps.containsKey(name)) {
        continue;
      }
      int entry = values.getOrDefault(name, -1);
      stepOf.put(name, steps.size());
      steps.add(
          new ReadPlan.Step(
              name,
              device.folder(),
              device.interpolator().validInterval(),
              device.isScreen(),
              device.clock(),
              sampler,
              entry,
              stamps.getOrDefault(name, -1),
              masks.getOrDefault(name, -1),
              pads ? device.interpolator().coverage() : null,
              scratch,
              entry >= 0 && layout.get(entry).type() == ElementType.FLOAT16
                  ? new HalfOverflow(device.folder())
                  : null,
              sampler == null ? null : OwnParts.of(device)));
      if (sampler != null && entry < 0) {
        long[] shape = sampler.shape(device.clock().count());
        scratch += (shape[0] * shape[1] * sampler.type().bytes() + 63) / 64 * 64;
      }
      longest = Math.max(longest, device.clock().count());
    }
    ReadPlan.Behaviour behaviour = null;
    if (!appended.isEmpty()) {
      long[] frames = shapes.get(behaviourScreen);
      int[] from = new int[appended.size()];
      int[] columns = new int[from.length];
      ElementType[] types = new ElementType[from.length];
      for (int i = 0; i < from.length; i++) {
        DatasetDevice device = devices.get(appended.get(i));
        if (device.clock().count() != frames[1]) {
          throw DatasetSettings.wrong(
              "add_behavior_as_channels",
              device.name()
                  + " has "
                  + device.clock().count()
                  + " samples a chunk and "
                  + behaviourScreen
                  + " "
                  + frames[1]
                  + ", expected the same chunk_size");
        }
        from[i] = stepOf.get(device.name());
        columns[i] = Math.toIntExact(samplers.get(device.name()).shape(1)[1]);
        types[i] = samplers.get(device.name()).type();
      }
      behaviour =
          new ReadPlan.Behaviour(
              values.get(behaviourScreen),
              Math.toIntExact(frames[0]),
              Math.toIntExact(frames[1]),
              frames[2] * frames[3],
              samplers.get(behaviourScreen).type(),
              from,
              columns,
              types,
              scratch,
              scratch + 64 + frames[1] * Arrays.stream(columns).max().orElse(0) * Double.BYTES);
    }
    long[] sizes = layout.stream().mapToLong(TensorSpec::bytes).toArray();
    double origin = relativeTimestamps ? timestampOrigin() : Double.NaN;
    return new ReadPlan(
        new Entries(layout),
        sizes,
        steps.toArray(new ReadPlan.Step[0]),
        behaviour,
        origin,
        longest,
        described.isEmpty() ? null : origins.writer(described),
        firstOrigin);
  }

  private double timestampOrigin() {
    return devices.containsKey("responses")
        ? devices.get("responses").interpolator().startTime()
        : devices.values().stream()
            .mapToDouble(device -> device.interpolator().startTime())
            .min()
            .orElseThrow();
  }
}
