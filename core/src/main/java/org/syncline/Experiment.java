/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.syncline.clock.ChunkClock;
import org.syncline.clock.ExactRate;
import org.syncline.clock.SampleGrid;
import org.syncline.config.ModalityConfig;
import org.syncline.config.schema.Names;
import org.syncline.device.DeviceMeta;
import org.syncline.device.Interpolation;
import org.syncline.device.Interpolator;
import org.syncline.device.Problems;
import org.syncline.device.support.Answers;
import org.syncline.device.support.CommonRange;
import org.syncline.device.support.Findings;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;
import org.syncline.file.Links;
import org.syncline.file.RegularFiles;
import org.syncline.format.DeviceFolders;
import org.syncline.format.Fields;
import org.syncline.format.checksum.Checksums;
import org.syncline.interval.TimeInterval;
import org.syncline.setting.Setting;
import org.syncline.text.Printable;

/**
 * The devices of one recording, at any time. Safe for use by several threads; {@link #close} may
 * race with uses, which then raise {@link ClosedException}.
 */
public final class Experiment implements AutoCloseable {
  private static final Logger LOG = System.getLogger("org.syncline");

  /** Devices that were named as left out: a training of hundreds of recordings hears it once. */
  private static final Set<Set<String>> SAID_LEFT_OUT = ConcurrentHashMap.newKeySet();

  private static final int MOST_SAID = 100;

  private final Path root;
  private final Map<String, ModalityConfig> modalities;
  private final Map<String, Interpolator> devices;
  private final double startTime;
  private final double endTime;
  private volatile boolean closed;

  private Experiment(
      Path root, Map<String, ModalityConfig> modalities, Map<String, Interpolator> devices) {
    this.root = root;
    this.modalities = modalities;
    this.devices = devices;
    double first = Double.POSITIVE_INFINITY;
    double last = Double.NEGATIVE_INFINITY;
    for (Interpolator device : devices.values()) {
      first = Math.min(first, device.startTime());
      last = Math.max(last, device.endTime());
    }
    startTime = first;
    endTime = last;
  }

  /**
   * Opens a recording with no custom components but those of {@link Registry#services()}, nothing
   * cached.
   */
  public static Experiment open(Path root, Map<String, ModalityConfig> modalities) {
    return open(root, modalities, false, Registry.services());
  }

  /**
   * Opens the configured devices of a recording; others are skipped, and named in a log record of
   * level INFO, once in a process for recordings with the same ones. A configured device without a
   * folder, or without finite start and end, is left out with a warning.
   *
   * @param root the recording's folder; nothing is ever written into it
   * @param modalities one entry a device; their order is the devices' order
   * @param cacheData read everything into memory once
   * @param registry custom components
   * @throws RecordingException where a file is wrong, or no device is usable; where recordings are
   *     compared with their checksums, for one that differs or has none
   * @throws org.syncline.error.ConfigException where the configuration does not fit the device
   */
  public static Experiment open(
      Path root, Map<String, ModalityConfig> modalities, boolean cacheData, Registry registry) {
    Objects.requireNonNull(root, "root is null");
    Objects.requireNonNull(modalities, "modalities is null");
    Objects.requireNonNull(registry, "registry is null");
    if (!isFolder(root)) {
      throw RecordingException.of(
          root,
          null,
          Files.exists(root) ? "a file" : "nothing",
          "a folder with one sub-folder a device",
          "check the path");
    }
    if (Setting.verifiesChecksums()) {
      Checksums.check(root);
      return Checksums.compared(() -> opened(root, modalities, cacheData, registry));
    }
    return opened(root, modalities, cacheData, registry);
  }

  private static Experiment opened(
      Path root, Map<String, ModalityConfig> modalities, boolean cacheData, Registry registry) {
    Map<String, Interpolator> devices = new LinkedHashMap<>();
    List<String> leftOut = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    try {
      for (Map.Entry<String, ModalityConfig> entry : modalities.entrySet()) {
        Interpolator device =
            open(root, entry.getKey(), entry.getValue(), cacheData, registry, leftOut, missing);
        if (device != null) {
          devices.put(entry.getKey(), device);
        }
      }
      if (devices.isEmpty() && hasNone(root)) {
        throw DeviceFolders.absent(root);
      }
      if (devices.isEmpty()) {
        throw RecordingException.of(
            root,
            null,
            leftOut.isEmpty() ? "no configured device" : String.join("; ", leftOut),
            "at least one device with finite start and end",
            "Experiment time range could not be determined; configure devices that this folder"
                + " has; DefaultConfigs.forRecording(path) (Python: syncline.config_for(path), C:"
                + " syncline_config_for) makes a configuration of all that it has");
      }
      // where nothing is left the error says it
      missing.forEach(text -> LOG.log(Level.WARNING, text));
      compareTimes(root, devices);
      nameLeftOut(root, modalities.keySet());
      return new Experiment(root, new LinkedHashMap<>(modalities), devices);
    } catch (Throwable t) {
      closeAll(devices, t);
      throw t;
    }
  }

  /**
   * Says which devices of a recording the configuration does not name: often on purpose, so that it
   * is no warning, and once for all recordings with the same ones.
   */
  private static void nameLeftOut(Path root, Set<String> named) {
    // the folder is not listed where nobody hears of it, nor where validation opens one device
    boolean heard = LOG.isLoggable(Level.INFO) && !Findings.areCollected();
    String[] entries = heard ? root.toFile().list() : null;
    if (entries == null) {
      return;
    }
    Set<String> leftOut = new TreeSet<>();
    for (String entry : entries) {
      if (!named.contains(entry) && DeviceFolders.isDevice(root.resolve(entry))) {
        leftOut.add(Printable.value(entry));
      }
    }
    if (!leftOut.isEmpty() && SAID_LEFT_OUT.size() < MOST_SAID && SAID_LEFT_OUT.add(leftOut)) {
      LOG.log(
          Level.INFO,
          root
              + ": left out "
              + String.join(", ", leftOut)
              + ": the configuration does not name "
              + (leftOut.size() == 1 ? "it" : "them"));
    }
  }

  private static void compareTimes(Path root, Map<String, Interpolator> devices) {
    Problems found = new Problems();
    CommonRange range = new CommonRange();
    devices.forEach(
        (name, device) -> {
          TimeInterval valid = device.validInterval();
          range.include(root.resolve(name), valid.start(), valid.end(), found);
        });
    range.compare(root, found);
    Findings.say(found);
  }

  private static Interpolator open(
      Path root,
      String name,
      ModalityConfig config,
      boolean cacheData,
      Registry registry,
      List<String> leftOut,
      List<String> missing) {
    Path folder = folder(root, name);
    Links.check(root, folder);
    boolean custom = config.interpolation() != null && config.interpolation().target() != null;
    Interpolator device;
    if (custom) {
      device = registry.open(folder, config, cacheData);
    } else {
      if (!isFolder(folder)) {
        missing.add(
            root
                + ": device '"
                + name
                + "' is configured but has no folder there: left out"
                + meant(root, name));
        leftOut.add(name + " has no folder" + meant(root, name));
        return null;
      }
      DeviceMeta meta = registry.readToOpen(folder);
      if (meta.timesDeclared() && !meta.hasFiniteTimes()) {
        leaveOut(root, name, meta.startTime(), meta.endTime(), leftOut);
        return null;
      }
      device = Registry.open(meta, config, cacheData);
    }
    if (!Double.isFinite(device.startTime()) || !Double.isFinite(device.endTime())) {
      leaveOut(root, name, device.startTime(), device.endTime(), leftOut);
      device.close();
      return null;
    }
    return device;
  }

  private static boolean isFolder(Path path) {
    try {
      return RegularFiles.isFolder(path);
    } catch (IOException e) {
      throw Fields.unreadable(path, e);
    }
  }

  private static boolean hasNone(Path root) {
    try {
      return DeviceFolders.of(root).isEmpty();
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Returns the folder of a device that a missing one was meant to be, as the end of a sentence.
   */
  private static String meant(Path root, String name) {
    List<String> folders = new ArrayList<>();
    try {
      for (Path folder : DeviceFolders.of(root)) {
        folders.add(Printable.value(folder.getFileName().toString()));
      }
    } catch (IOException _) {
      return "";
    }
    String near = Names.suggestion(name, folders);
    return folders.isEmpty()
        ? ""
        : (near.isEmpty() ? "; " : near + " ") + "Devices there: " + Names.some(folders);
  }

  /** Returns the folder of a device. */
  static Path folder(Path root, String name) {
    try {
      // the name alone is judged: to normalise the recording's path would change it where it has
      // links, and "." has nothing left
      Path inside = Path.of(name).normalize();
      if (inside.isAbsolute() || inside.startsWith("..") || inside.toString().isEmpty()) {
        throw RecordingException.of(
            root, name, "a name that leaves the recording", "the name of a sub-folder", null);
      }
      return root.resolve(inside);
    } catch (InvalidPathException e) {
      throw RecordingException.of(
          root,
          "device",
          "a name that no folder can have: " + e.getReason(),
          "the name of a sub-folder",
          null,
          e);
    }
  }

  private static void leaveOut(
      Path root, String name, double start, double end, List<String> leftOut) {
    Findings.warn(
        root.resolve(name), "time range", start + " to " + end, "finite times", "it is left out");
    leftOut.add(name + " has no finite times");
  }

  /** Returns the recording's folder. */
  public Path root() {
    return root;
  }

  /** Returns the usable devices in the configuration's order. */
  public List<String> deviceNames() {
    return List.copyOf(devices.keySet());
  }

  /**
   * Returns a device's interpolator; the experiment closes it.
   *
   * @throws IllegalArgumentException for an unknown device, naming it and those there are
   */
  public Interpolator device(String name) {
    Interpolator device = devices.get(name);
    if (device == null) {
      throw new IllegalArgumentException(
          "unknown device '" + name + "', expected one of " + devices.keySet());
    }
    return device;
  }

  /** Returns the usable devices by name, in the configuration's order. */
  Map<String, Interpolator> devices() {
    return Collections.unmodifiableMap(devices);
  }

  /** Returns a device's folder. */
  Path folder(String device) {
    return root.resolve(device);
  }

  /** Returns the smallest start of all devices in seconds, as their meta.yml say. */
  public double startTime() {
    return startTime;
  }

  /** Returns the largest end of all devices in seconds, as their meta.yml say. */
  public double endTime() {
    return endTime;
  }

  /**
   * Returns the closed interval in which a device has values.
   *
   * @throws IllegalArgumentException for an unknown device, naming it and those there are
   */
  public TimeInterval validRange(String device) {
    return device(device).validInterval();
  }

  /**
   * Interpolates every device at the valid ones of the times; devices in the configuration's order.
   *
   * @throws ClosedException after close
   */
  public Map<String, Interpolation> interpolate(double[] times) {
    Objects.requireNonNull(times, "times is null");
    ensureOpen();
    Map<String, Interpolation> all = new LinkedHashMap<>();
    devices.forEach((name, device) -> all.put(name, Answers.interpolated(device, times)));
    return Collections.unmodifiableMap(all);
  }

  /**
   * Interpolates one device at the valid ones of the times.
   *
   * @throws IllegalArgumentException for an unknown device, naming it and those there are
   * @throws ClosedException after close
   */
  public Interpolation interpolate(double[] times, String device) {
    Objects.requireNonNull(times, "times is null");
    ensureOpen();
    return Answers.interpolated(device(device), times);
  }

  /**
   * Returns everything between two times: for each device its values at {@code from + k/rate} (each
   * computed once, in integers of a rational rate) for as long as that is below {@code to}, times
   * without a value left out.
   *
   * @param from first time in seconds
   * @param to end in seconds, excluded
   * @param rates Hz by device; a device that is missing here has its configured rate, else the rate
   *     or times it is stored with
   * @return by device in the configuration's order
   * @throws IllegalArgumentException for an unknown device, a rate that is not positive, times that
   *     are not finite or {@code from > to}, or a device that has no rate of its own and none here
   * @throws ClosedException after close
   */
  public Map<String, TimedValues> query(double from, double to, Map<String, Double> rates) {
    ensureOpen();
    if (!Double.isFinite(from) || !Double.isFinite(to) || from > to) {
      throw new IllegalArgumentException(
          "from "
              + Printable.digits(from)
              + " s to "
              + Printable.digits(to)
              + " s, expected finite times in order");
    }
    for (Map.Entry<String, Double> rate : rates.entrySet()) {
      device(rate.getKey());
      if (rate.getValue() == null || !(rate.getValue() > 0) || rate.getValue().isInfinite()) {
        throw new IllegalArgumentException(
            "rate of " + rate.getKey() + " is " + rate.getValue() + ", expected Hz above 0");
      }
    }
    Map<String, TimedValues> all = new LinkedHashMap<>();
    for (Map.Entry<String, Interpolator> entry : devices.entrySet()) {
      String name = entry.getKey();
      Interpolator device = entry.getValue();
      double[] times = queryTimes(name, device, from, to, rates.get(name));
      double[] asked = times;
      if (device.isOnGrid()) {
        asked = times.clone();
        for (int k = 0; k < asked.length; k++) {
          asked[k] =
              ChunkClock.snap(
                  asked[k],
                  device.startTime(),
                  device.storedRate(),
                  1 / device.storedRate(),
                  device.validInterval().end());
        }
      }
      Interpolation found = Answers.interpolated(device, asked);
      int[] indices = found.valid();
      double[] valid = new double[indices.length];
      for (int i = 0; i < valid.length; i++) {
        valid[i] = times[indices[i]];
      }
      all.put(name, new TimedValues(valid, found.values()));
    }
    return Collections.unmodifiableMap(all);
  }

  private double[] queryTimes(
      String name, Interpolator device, double from, double to, Double asked) {
    Double rate =
        asked != null || modalities.get(name) == null ? asked : modalities.get(name).samplingRate();
    if (rate == null) {
      Optional<double[]> stored =
          Answers.optional(device.storedTimes(from, to), device, "storedTimes");
      if (stored.isPresent()) {
        return stored.get();
      }
      rate = device.storedRate();
      if (!(rate > 0)) {
        throw new IllegalArgumentException(
            "device '" + name + "' has no rate of its own: give one in rates");
      }
    }
    return SampleGrid.exact(from, to, ExactRate.of(rate), name).times();
  }

  void ensureOpen() {
    if (closed) {
      throw new ClosedException("Experiment " + root);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Closes every device; any number of times. */
  @Override
  public void close() {
    closed = true;
    closeAll(devices, null);
  }

  private static void closeAll(Map<String, Interpolator> devices, Throwable reason) {
    RuntimeException first = null;
    for (Interpolator device : devices.values()) {
      try {
        device.close();
      } catch (RuntimeException e) {
        if (reason != null) {
          reason.addSuppressed(e);
        } else if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** Returns folder, range in seconds, and the devices, also after close. */
  @Override
  public String toString() {
    return "Experiment("
        + Printable.message(root.toString())
        + ", "
        + Printable.digits(startTime())
        + " to "
        + Printable.digits(endTime())
        + " s: "
        + Printable.message(String.join(", ", deviceNames()))
        + ")";
  }
}
