/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.syncline.Validator;
import org.syncline.device.Problem;
import org.syncline.document.Documents;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.file.WriteFaults;
import org.syncline.format.writing.DeviceNames;
import org.syncline.format.writing.FolderTree;
import org.syncline.format.writing.PendingRecording;
import org.syncline.storage.SharedArena;

/**
 * Imports an NWB file: says what is in it, and writes what can be mapped as a recording.
 *
 * <pre>{@code
 * NwbReport report =
 *     NwbImport.of(Path.of("session.nwb"))
 *         .labels("trials", "stimulus")
 *         .to(Path.of("recordings"));
 * }</pre>
 *
 * <p>Times stay what they are in the file: seconds from its {@code timestamps_reference_time}, one
 * origin for all devices. Values are {@code data · conversion · channel_conversion + offset},
 * computed in float64 and rounded once to float32. A clock counts as regular where every time lies
 * within a quarter of the period of a clock of constant rate, else the times are written; see
 * {@link #tolerance}.
 *
 * <p>An object describes one import and is for one thread; reading takes as many threads as {@link
 * #threads} says and holds a chunk of the file a thread, whatever the file's size.
 */
public final class NwbImport {
  /** What validate calls the range of time that all devices share. */
  private static final String TIME_RANGE = "time range";

  private final Path file;
  private final Set<String> only = new LinkedHashSet<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, String> labels = new LinkedHashMap<>();
  private final Map<String, Double> rates = new LinkedHashMap<>();
  private final Set<Repair> repairs = EnumSet.noneOf(Repair.class);
  private ValueType type = ValueType.FLOAT32;
  private double tolerance = 0.25;
  private int threads = Runtime.getRuntime().availableProcessors();
  private boolean replace;
  private Progress progress = Progress.NONE;

  /** Is told how far an import is. */
  public interface Progress {
    /** Does nothing. */
    Progress NONE = (device, written, expected) -> {};

    /**
     * Is called some times a second, by one thread at a time.
     *
     * @param device that is being written
     * @param written bytes so far, of all devices
     * @param expected about how many there will be
     */
    void at(String device, long written, long expected);
  }

  private NwbImport(Path file) {
    this.file = file;
  }

  /** Describes the import of a file. */
  public static NwbImport of(Path file) {
    return new NwbImport(file);
  }

  Path file() {
    return file;
  }

  /** Imports this one, and others named so: a device's name or its path in the file. */
  public NwbImport only(String deviceOrPath) {
    only.add(path(deviceOrPath));
    return this;
  }

  /** Gives a device, by its name or path, another name. */
  public NwbImport name(String deviceOrPath, String name) {
    names.put(path(deviceOrPath), name);
    return this;
  }

  /** Makes each value of a column of a table of intervals a label. */
  public NwbImport labels(String deviceOrPath, String column) {
    labels.put(path(deviceOrPath), column);
    return this;
  }

  /**
   * Gives the rate in Hz of a series that has a wrong one, or of the samples by which the times of
   * units are counted.
   */
  public NwbImport rate(String deviceOrPath, double hertz) {
    if (!(hertz > 0) || Double.isInfinite(hertz)) {
      throw new IllegalArgumentException(
          "rate of " + deviceOrPath + " is " + hertz + ", expected a positive number of Hz");
    }
    rates.put(path(deviceOrPath), hertz);
    return this;
  }

  /** Allows a repair. */
  public NwbImport repair(Repair repair) {
    repairs.add(repair);
    return this;
  }

  /** Chooses the element type of sequences and videos; default float32. */
  public NwbImport type(ValueType chosen) {
    type = chosen;
    return this;
  }

  /**
   * Chooses by which share of its period the times of a regular clock may be off; default 0.25. At
   * 0 every series with timestamps keeps them.
   *
   * @throws IllegalArgumentException for less than 0, or 0.5 and more
   */
  public NwbImport tolerance(double share) {
    if (!(share >= 0 && share < 0.5)) {
      throw new IllegalArgumentException(
          "tolerance is " + share + ", expected a share of the period from 0 to below 0.5");
    }
    tolerance = share;
    return this;
  }

  /** Chooses how many threads read chunks; default: as many as there are processors. */
  public NwbImport threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads is " + count + ", expected 1 or more");
    }
    threads = count;
    return this;
  }

  /** Chooses whether a recording that is there already is replaced; default no. */
  public NwbImport replace(boolean whole) {
    replace = whole;
    return this;
  }

  /** Sets who is told how far the import is. */
  public NwbImport progress(Progress listener) {
    progress = listener;
    return this;
  }

  private static String path(String text) {
    return text.replaceAll("^/+|/+$", "");
  }

  /**
   * Says what is in the file and what becomes of it.
   *
   * @throws RecordingException where the file is missing, damaged or no NWB file
   */
  public List<NwbItem> list() {
    return reading(this::listing);
  }

  /**
   * Runs what reads the file. Sizes, counts and addresses of a damaged file lead jHDF anywhere, and
   * what it throws there is no more than a sign of that.
   */
  private <T> T reading(Supplier<T> read) {
    try {
      return read.get();
    } catch (SynclineException | UncheckedIOException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw RecordingException.of(
          file,
          null,
          e instanceof OutOfMemoryError
              ? "sizes for which there is no memory"
              : "what cannot be read (" + Hdf.reason(e) + ")",
          "HDF5 as pynwb, MatNWB and h5py write it",
          "h5repack, or reading and exporting the file with pynwb, may help",
          e);
    }
  }

  private List<NwbItem> listing() {
    try (Hdf hdf = Hdf.open(file)) {
      List<NwbItem> items = new ArrayList<>();
      for (Device each : devices(Catalog.of(hdf))) {
        Found found = each.found();
        items.add(
            new NwbItem(
                found.node().path(),
                found.type(),
                found.shape(),
                found.isMappable() ? found.mapper().modality() : null,
                each.name(),
                found.onRequest(),
                found.reason()));
      }
      return List.copyOf(items);
    }
  }

  /** Something found, with the name of its device, or null. */
  private record Device(Found found, String name) {
    boolean isCalled(String text) {
      return text.equals(name) || text.equals(found.node().path());
    }
  }

  private List<Device> devices(List<Found> found) {
    List<Found> mappable = found.stream().filter(Found::isMappable).toList();
    List<String> shortened = DeviceNames.of(mappable.stream().map(f -> f.node().path()).toList());
    List<Device> devices = new ArrayList<>();
    int at = 0;
    for (Found each : found) {
      devices.add(new Device(each, each.isMappable() ? shortened.get(at++) : null));
    }
    return devices;
  }

  /**
   * Writes the recording into a folder of the file's name, without its ending, in the folder given,
   * which is made where it is not there.
   *
   * <p>It is written beside its place, under a name that begins with a dot, checked, and renamed: a
   * recording that can be seen is whole. What cannot be mapped because the file is wrong about it
   * is left out, and the report says so.
   *
   * @throws RecordingException where the file is missing, damaged or no NWB file, where nothing in
   *     it can be mapped, where something that was named is not there or is faulty, and where the
   *     recording is there already and is not to be replaced
   * @throws UncheckedIOException where the folder cannot be written
   */
  public NwbReport to(Path folder) {
    return reading(() -> importing(folder));
  }

  private NwbReport importing(Path folder) {
    String stem = file.getFileName().toString().replaceFirst("(?i)\\.(nwb|h5|hdf5)$", "");
    Path recording = folder.resolve(stem);
    try (Hdf hdf = Hdf.open(file)) {
      List<Device> devices = devices(Catalog.of(hdf));
      checkNames(devices);
      PendingRecording pending = PendingRecording.begin(recording, "importing", replace);
      boolean whole = false;
      try {
        NwbReport report = write(devices, pending.folder(), recording);
        about(hdf, pending.folder(), report);
        pending.place();
        whole = true;
        return report;
      } finally {
        if (!whole) {
          pending.discard();
        }
      }
    } catch (IOException e) {
      throw WriteFaults.of(recording, e);
    }
  }

  /** Checks that all that the user named is there. */
  private void checkNames(List<Device> devices) {
    List<Device> possible = devices.stream().filter(d -> d.found().isMappable()).toList();
    Map<String, Consumer<Device>> wanted = new LinkedHashMap<>();
    only.forEach(text -> wanted.put(text, d -> {}));
    names.keySet().forEach(text -> wanted.put(text, d -> {}));
    rates
        .keySet()
        .forEach(text -> wanted.put(text, d -> mustBe("sequence, screen, spikes", d, text)));
    labels.keySet().forEach(text -> wanted.put(text, d -> mustBe("time_interval", d, text)));
    wanted.forEach(
        (text, test) -> {
          Device device = possible.stream().filter(d -> d.isCalled(text)).findFirst().orElse(null);
          if (device == null) {
            throw RecordingException.of(
                file,
                "'" + text + "'",
                reason(devices, text),
                "one of " + String.join(", ", possible.stream().map(Device::name).toList()),
                "the list of what is in the file shows names and paths");
          }
          test.accept(device);
        });
    Set<String> taken = new HashSet<>();
    for (Device device : possible) {
      String name = nameOf(device);
      if (!DeviceNames.safe(name).equals(name)) {
        throw RecordingException.of(
            file,
            "'" + name + "'",
            "a name with other characters",
            "letters, digits, and . - _ inside",
            null);
      }
      if (isChosen(device) && !taken.add(name.toLowerCase(Locale.ROOT))) {
        throw RecordingException.of(
            file, "'" + name + "'", "the name of two devices", "different names", null);
      }
    }
  }

  private static String reason(List<Device> devices, String text) {
    return devices.stream()
        .filter(d -> d.isCalled(text))
        .findFirst()
        .map(d -> "what cannot be mapped (" + d.found().reason() + ")")
        .orElse("nothing of that name or path");
  }

  private void mustBe(String modalities, Device device, String text) {
    if (!modalities.contains(device.found().mapper().modality())) {
      throw RecordingException.of(
          file,
          "'" + text + "'",
          "a device of " + device.found().mapper().modality(),
          "one of " + modalities,
          null);
    }
  }

  private String nameOf(Device device) {
    return names.entrySet().stream()
        .filter(e -> device.isCalled(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(device.name());
  }

  private boolean isNamed(Device device) {
    return only.stream().anyMatch(device::isCalled);
  }

  private boolean isChosen(Device device) {
    return device.found().isMappable()
        && (only.isEmpty() ? !device.found().onRequest() : isNamed(device));
  }

  private NwbReport write(List<Device> devices, Path temporary, Path recording) throws IOException {
    List<NwbReport.Mapped> mapped = new ArrayList<>();
    List<NwbReport.Left> left = new ArrayList<>();
    long expected = 0;
    for (Device device : devices) {
      expected += isChosen(device) ? device.found().mapper().size() : 0;
    }
    LongAdder done = new LongAdder();
    for (Device device : devices) {
      Found found = device.found();
      if (!isChosen(device)) {
        boolean asked = found.isMappable() && !found.onRequest();
        String reason = asked ? "not among those named" : found.reason();
        left.add(
            new NwbReport.Left(
                found.node().path(), found.type(), reason, found.faulty() && only.isEmpty()));
        continue;
      }
      String name = nameOf(device);
      Path folder = Files.createDirectory(temporary.resolve(name));
      try (Arena arena = new SharedArena()) {
        Job job =
            new Job(
                type,
                tolerance,
                repairs,
                threads,
                value(rates, clockOf(devices, device), Double.NaN),
                value(labels, device, null),
                done,
                arena);
        Ticker ticker = new Ticker(name, done, expected);
        try (ticker) {
          String what = found.mapper().write(folder, job);
          source(folder, found, job);
          mapped.add(
              new NwbReport.Mapped(
                  name,
                  found.node().path(),
                  found.type(),
                  found.mapper().modality(),
                  what,
                  job.notes()));
        }
      } catch (RecordingException e) {
        if (isNamed(device)) {
          throw e;
        }
        FolderTree.delete(folder);
        left.add(
            new NwbReport.Left(
                found.node().path(), found.type(), Found.reason(found.node(), e), true));
      }
    }
    List<String> notes = check(temporary, devices, mapped, left);
    if (mapped.isEmpty()) {
      throw RecordingException.of(
          file,
          null,
          "nothing that can be mapped",
          "series, units, intervals or stimuli",
          left.isEmpty() ? null : "of " + left.getFirst().path() + ": " + left.getFirst().reason());
    }
    return new NwbReport(file, recording, mapped, left, notes);
  }

  /** Returns the device whose clock another one shares, or that one itself. */
  private static Device clockOf(List<Device> devices, Device device) {
    return device.found().mapper() instanceof IntervalsMapper(H5Node series, var source)
            && source == IntervalsMapper.Source.CONTROL
        ? devices.stream()
            .filter(d -> d.found().node().path().equals(series.path()))
            .findFirst()
            .orElse(device)
        : device;
  }

  private static <T> T value(Map<String, T> byName, Device device, T otherwise) {
    return byName.entrySet().stream()
        .filter(e -> device.isCalled(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }

  /** Tells the listener how far it is, some times a second. */
  private final class Ticker implements AutoCloseable {
    private final Thread thread;

    Ticker(String device, LongAdder done, long expected) {
      Progress listener = progress;
      listener.at(device, done.sum(), expected);
      thread =
          Thread.ofPlatform()
              .daemon()
              .name("syncline-nwb-progress")
              .start(
                  () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                      try {
                        Thread.sleep(200);
                      } catch (InterruptedException e) {
                        return;
                      }
                      listener.at(device, done.sum(), expected);
                    }
                  });
    }

    @Override
    public void close() {
      thread.interrupt();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Writes where a device comes from beside it. */
  private void source(Path folder, Found found, Job job) throws IOException {
    Map<String, Object> source = new LinkedHashMap<>();
    source.put("file", file.getFileName().toString());
    source.put("path", found.node().path());
    source.put("neurodata_type", found.type());
    source.putAll(job.source());
    source.put("notes", job.notes());
    Path meta = Files.createDirectories(folder.resolve("meta"));
    Documents.writeJson(meta.resolve("nwb.json"), source);
  }

  /** Writes what is known of the whole recording: meta.json and the report. */
  private void about(Hdf hdf, Path temporary, NwbReport report) throws IOException {
    H5Node root = hdf.root();
    Map<String, Object> nwb = new LinkedHashMap<>();
    nwb.put("file", file.getFileName().toString());
    for (String key :
        List.of(
            "nwb_version",
            "identifier",
            "session_description",
            "session_start_time",
            "timestamps_reference_time")) {
      H5Node node = root.child(key);
      String text = root.text(key);
      if (text == null && node != null && node.isDataset()) {
        text = String.join(", ", node.texts());
      }
      if (text != null) {
        nwb.put(key, text);
      }
    }
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("data_key", report.recording().getFileName().toString());
    meta.put("nwb", nwb);
    Files.writeString(temporary.resolve("nwb-import.json"), report.toJson() + "\n");
    Files.writeString(temporary.resolve("meta.json"), Documents.toPrettyJson(meta) + "\n");
  }

  /**
   * Checks what was written. Devices that validate refuses are deleted and become what is left out,
   * unless the user named them.
   *
   * @return what is wrong with the devices' times together: devices of one file need not overlap,
   *     and each subset of them that does is a recording
   */
  private List<String> check(
      Path temporary,
      List<Device> devices,
      List<NwbReport.Mapped> mapped,
      List<NwbReport.Left> left)
      throws IOException {
    while (true) {
      List<String> notes = new ArrayList<>();
      List<Problem> errors = new ArrayList<>();
      for (Problem problem :
          mapped.isEmpty() ? List.<Problem>of() : Validator.withoutValues(temporary)) {
        if (TIME_RANGE.equals(problem.key())) {
          notes.add(TIME_RANGE + ": found " + problem.found() + ", expected " + problem.expected());
        } else if (problem.severity() == Problem.Severity.ERROR && !"dtype".equals(problem.key())) {
          // of a type there are guesses by the values, and it is known here
          errors.add(problem);
        }
      }
      if (errors.isEmpty()) {
        return notes;
      }
      Set<String> refused = new LinkedHashSet<>();
      for (Problem error : errors) {
        String name = device(temporary, error.file());
        NwbReport.Mapped of =
            mapped.stream().filter(each -> each.device().equals(name)).findFirst().orElse(null);
        boolean named =
            of == null
                || devices.stream()
                    .anyMatch(d -> isNamed(d) && d.found().node().path().equals(of.path()));
        String said =
            "what validate refuses: " + error.toString().replace(temporary.toString(), "");
        if (named) {
          throw RecordingException.of(
              file,
              of == null ? null : of.path(),
              said,
              "a recording without errors",
              errors.size() + " errors in all; leave the device out");
        }
        if (refused.add(name)) {
          left.add(new NwbReport.Left(of.path(), of.type(), "found " + said, true));
        }
      }
      for (String name : refused) {
        mapped.removeIf(each -> each.device().equals(name));
        FolderTree.delete(temporary.resolve(name));
      }
    }
  }

  private static String device(Path temporary, Path of) {
    return of.startsWith(temporary) && !of.equals(temporary)
        ? temporary.relativize(of).getName(0).toString()
        : null;
  }
}
