/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.decode.DecodingException;
import org.syncline.device.DeviceMeta;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;
import org.syncline.device.Problem;
import org.syncline.device.Problems;
import org.syncline.device.support.Answers;
import org.syncline.device.support.Findings;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;
import org.syncline.file.Links;
import org.syncline.format.DeviceFolders;
import org.syncline.format.Fields;
import org.syncline.format.Statistics;
import org.syncline.format.checksum.Checksums;
import org.syncline.setting.Setting;

/**
 * Says everything that is wrong with a recording, without changing it. What makes opening or
 * reading fail, or gives wrong values, is an error; what is merely odd is a warning.
 *
 * <p>Files are checked one by one, and then the recording is opened as a reader opens it, every
 * device with {@link DefaultConfigs#forRecording}, and some chunks are read; devices with
 * statistics are opened with {@link DatasetConfig#defaults}, too. What fails there is an error, and
 * what a reader warns of is in the list too. Data up to 256 MB a device is read whole, of more a
 * sample of rows over its whole length.
 */
public final class Validator {
  private static final double RATE_WITHOUT_ONE = 30;

  /** Of a recording that lives by links there are as many as files. */
  private static final int MOST_LINKS = 10;

  private final Problems problems = new Problems();

  /** Whether every device could be opened by itself. */
  private boolean opened = true;

  private final Registry registry;
  private final boolean allValues;
  private final boolean checksums;

  private Validator(Registry registry, boolean allValues, boolean checksums) {
    this.registry = registry;
    this.allValues = allValues;
    this.checksums = checksums;
  }

  /** Validates a recording with the modalities of {@link Registry#services()}. */
  public static List<Problem> validate(Path root) {
    Objects.requireNonNull(root, "root is null");
    return validate(root, Registry.services());
  }

  /**
   * Returns all problems of a recording, errors and warnings, device by device; empty where there
   * is none. Where a list of checksums lies in the recording, all its files are hashed.
   */
  public static List<Problem> validate(Path root, Registry registry) {
    Objects.requireNonNull(root, "root is null");
    Objects.requireNonNull(registry, "registry is null");
    return validate(root, registry, true, true);
  }

  /**
   * Returns the same as {@link #validate(Path)} without a look at the list of checksums: hashing
   * reads all files whole.
   *
   * @since 0.1.1
   */
  public static List<Problem> withoutChecksums(Path root) {
    Objects.requireNonNull(root, "root is null");
    return withoutChecksums(root, Registry.services());
  }

  /**
   * Returns the same as {@link #validate(Path, Registry)} without a look at the list of checksums.
   *
   * @since 0.1.1
   */
  public static List<Problem> withoutChecksums(Path root, Registry registry) {
    Objects.requireNonNull(root, "root is null");
    Objects.requireNonNull(registry, "registry is null");
    return validate(root, registry, true, false);
  }

  /**
   * Returns the same errors as {@link #withoutChecksums}, and the warnings for which not all values
   * of sequences need to be read: for recordings whose values were seen as they were written.
   */
  public static List<Problem> withoutValues(Path root) {
    Objects.requireNonNull(root, "root is null");
    return validate(root, Registry.services(), false, false);
  }

  private static List<Problem> validate(
      Path root, Registry registry, boolean allValues, boolean checksums) {
    Validator validator = new Validator(registry, allValues, checksums);
    // the rest is looked at also where the list says that files changed
    return Checksums.compared(
        () -> {
          validator.recording(root);
          return validator.problems.list();
        });
  }

  private void recording(Path root) {
    if (!Files.isDirectory(root)) {
      problems.error(
          root,
          null,
          Files.exists(root) ? "a file" : "nothing",
          "a folder with one sub-folder a device",
          null);
      return;
    }
    if (links(root, root.resolve("meta.json"))) {
      Findings.collect(problems, () -> ChunkDataset.nameOf(root));
    } else {
      opened = false;
    }
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().startsWith(".")) {
          continue;
        }
        if (Files.isDirectory(entry)) {
          folders.add(entry);
        } else if (Files.isSymbolicLink(entry) && Files.notExists(entry)) {
          problems.error(
              entry,
              null,
              "a link to " + Files.readSymbolicLink(entry) + ", which is not there",
              "a link to a folder or file",
              "restore what it points to, or remove the link: a device there is left out");
        }
      }
    } catch (IOException e) {
      problems.error(Fields.unreadable(root, e));
      return;
    }
    folders.sort(null);
    int devices = 0;
    for (Path folder : folders) {
      if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
        problems.error(
            folder,
            null,
            "no permission to read it",
            "a readable folder",
            "change its permissions or run as its owner");
      } else if (!DeviceFolders.isDevice(folder) && isMeant(folder)) {
        problems.error(
            folder,
            "meta.yml",
            Files.exists(folder.resolve("meta.yaml")) ? "meta.yaml" : "no such file",
            "a device's meta.yml",
            "without it the folder is no device, and the default configuration cannot be opened");
      } else if (!DeviceFolders.isDevice(folder)) {
        problems.warning(
            folder,
            "meta.yml",
            "no such file",
            "a device's meta.yml",
            "without it the folder is no device");
      } else {
        devices++;
        if (links(root, folder)) {
          problems.guarded(() -> device(folder));
        } else {
          opened = false;
        }
      }
    }
    if (devices == 0) {
      problems.error(root, null, "no device", "at least one sub-folder with a meta.yml", null);
    }
    if (devices > 0 && opened) {
      whole(root);
      byDefault(root);
    }
    if (checksums) {
      checksums(root);
    }
  }

  /**
   * Compares the files with the list of their sums. What differs can be read, unless recordings are
   * compared when they are opened.
   */
  private void checksums(Path root) {
    boolean verified = Setting.verifiesChecksums();
    if (!verified && !Checksums.isThere(root)) {
      return;
    }
    for (RecordingException e : Checksums.compare(root)) {
      Path file = Path.of(e.file());
      if (problems.list().stream()
          .anyMatch(p -> p.file().equals(file) && Objects.equals(p.found(), e.found()))) {
        continue; // a link that is refused
      }
      if (verified) {
        problems.error(e);
      } else {
        problems.warning(file, e.key(), e.found(), e.expected(), e.advice());
      }
    }
  }

  /** Returns whether a folder without meta.yml must be that of a device. */
  private static boolean isMeant(Path folder) {
    return DatasetConfig.defaults().modalities().containsKey(folder.getFileName().toString())
        || Files.exists(folder.resolve("meta.yaml"));
  }

  /**
   * Opens each device as the default configuration does, which may ask for statistics that {@link
   * DefaultConfigs#forRecording} may do without. A device that has none at all is for other
   * configurations.
   */
  private void byDefault(Path root) {
    DatasetConfig defaults = DatasetConfig.defaults();
    defaults
        .modalities()
        .forEach(
            (name, modality) -> {
              Path folder = root.resolve(name);
              if (!DeviceFolders.isDevice(folder)
                  || Files.notExists(Statistics.file(folder, "means"))
                      && Files.notExists(Statistics.file(folder, "stds"))) {
                return;
              }
              DatasetConfig one =
                  defaults.toBuilder()
                      .outKeys(null)
                      .modalities(Map.of(name, modality.toBuilder().filters(List.of()).build()))
                      .build();
              try {
                Findings.collect(
                    new Problems(), () -> ChunkDataset.open(root, one, registry).close());
              } catch (RecordingException e) {
                Path file = Path.of(e.file());
                if (file.equals(Statistics.file(folder, "means"))
                    || file.equals(Statistics.file(folder, "stds"))) {
                  addReading(new Problems(), e);
                }
              } catch (ConfigException _) {
                // a configuration of other lengths opens it
              } catch (OutOfMemoryError _) {
                tooLong(folder);
              }
            });
  }

  /** Says that a grid of the times that a recording claims fits into no memory. */
  private void tooLong(Path file) {
    problems.warning(
        file,
        "time range",
        "a recording of which a dataset needs more memory than Java has",
        "a time range, rates and trials of which the chunks fit into memory",
        "it was not opened for a try: are times in seconds? More memory is given by -Xmx");
  }

  /** Names the links that leave the recording; returns whether what lies there may be read. */
  private boolean links(Path root, Path path) {
    boolean refused = Links.areRefused();
    int[] count = {0};
    problems.guarded(
        () ->
            Links.visit(
                root,
                path,
                (link, target) -> {
                  count[0]++;
                  String found = "a link to " + target;
                  if (refused) {
                    problems.error(link, null, found, Links.expected(root), Links.ADVICE);
                  } else {
                    problems.warning(
                        link,
                        null,
                        found,
                        Links.expected(root),
                        Links.SWITCH + "=refuse refuses it, for recordings of strangers");
                  }
                  return count[0] < MOST_LINKS;
                }));
    return !refused || count[0] == 0;
  }

  /** Opens the recording and reads some chunks, as a reader does. */
  private void whole(Path root) {
    Problems found = new Problems();
    RecordingException failure = null;
    try {
      Findings.collect(found, () -> read(root));
    } catch (RecordingException e) {
      failure = e;
    } catch (ConfigException e) {
      failure =
          RecordingException.of(
              root, null, e.getMessage(), "devices that can be read together", null, e);
    } catch (OutOfMemoryError _) {
      tooLong(root);
    } catch (DecodingException e) {
      // where the check of the files has not met it already
      if (problems.list().stream().noneMatch(p -> p.found().equals(e.getMessage()))) {
        problems.error(root, null, e.getMessage(), "frames that can be decoded here", null);
      }
    }
    addReading(found, failure);
  }

  private void read(Path root) {
    DatasetConfig all = DefaultConfigs.forRecording(root, registry);
    // filters read all data, and leave chunks out that can be read
    Map<String, ModalityConfig> modalities = new LinkedHashMap<>();
    all.modalities()
        .forEach(
            (name, modality) ->
                modalities.put(name, modality.toBuilder().filters(List.of()).build()));
    DatasetConfig config = all.toBuilder().modalities(modalities).build();
    try (ChunkDataset dataset = ChunkDataset.open(root, config, registry)) {
      dataset.sayUnlabelledTrials();
      int n = dataset.length();
      for (int index : n == 0 ? new int[0] : new int[] {0, n / 2, n - 1}) {
        dataset.item(index).close();
      }
    }
  }

  /**
   * Adds what a reader says. Much of it the checks have said already, with more detail.
   *
   * @param failure what ended the reading, or null
   */
  private void addReading(Problems found, RecordingException failure) {
    Problems unknown = new Problems();
    for (Problem p : found.list()) {
      if (problems.list().stream().noneMatch(known -> isSame(known, p))) {
        unknown.add(p);
      }
    }
    problems.addAll(unknown);
    if (failure != null) {
      Path file = Path.of(failure.file());
      boolean known =
          problems.list().stream()
              .anyMatch(p -> p.severity() == Problem.Severity.ERROR && p.file().equals(file));
      if (!known) {
        problems.error(failure);
      }
    }
  }

  private static boolean isSame(Problem a, Problem b) {
    return a.severity() == b.severity()
        && a.file().equals(b.file())
        && Objects.equals(a.key(), b.key())
        && (a.expected() == null ? a.found().equals(b.found()) : a.expected().equals(b.expected()));
  }

  /**
   * Reads meta.yml with all its problems: each wrong key is reported, replaced by a harmless value,
   * and reading goes on.
   */
  private void device(Path folder) {
    MetaFile file = MetaFile.read(folder);
    Modality modality = registry.modality(file);
    Set<String> broken = new HashSet<>();
    DeviceMeta meta = null;
    while (meta == null) {
      try {
        meta = Registry.checked(modality.read(file), modality);
      } catch (RecordingException e) {
        problems.error(e);
        String key = e.key() == null ? "" : e.key().split("[.\\[]")[0];
        if (key.isEmpty() || !broken.add(key)) {
          return;
        }
        file =
            file.with(
                key,
                Answers.given(modality.placeholders(), modality, "placeholders", "a map").get(key));
      }
    }
    Registry.misspelt(file, problems);
    times(meta, broken);
    Problems found = new Problems(broken, allValues);
    DeviceMeta device = meta;
    found.guarded(() -> device.check(found));
    opened &= broken.isEmpty();
    if (broken.isEmpty() && meta.timesDeclared() && !meta.hasFiniteTimes()) {
      // nobody reads a device that is left out
      for (Problem p : found.list()) {
        problems.warning(p.file(), p.key(), p.found(), p.expected(), p.advice());
      }
      return;
    }
    problems.addAll(found);
    if (broken.isEmpty()) {
      open(device);
    }
  }

  /** Opens a device as a reader does. */
  private void open(DeviceMeta device) {
    Problems found = new Problems();
    RecordingException failure = null;
    try {
      Findings.collect(
          found,
          () -> {
            double rate = device.defaultRate();
            Registry.open(
                    device,
                    Answers.given(
                        device.defaults(rate > 0 ? rate : RATE_WITHOUT_ONE),
                        device,
                        "defaults",
                        "a configuration"),
                    false)
                .close();
          });
    } catch (RecordingException e) {
      opened = false;
      failure = e;
    }
    addReading(found, failure);
  }

  private void times(DeviceMeta meta, Set<String> broken) {
    if (!meta.timesDeclared() || broken.contains("start_time") || broken.contains("end_time")) {
      return;
    }
    Path file = meta.folder().resolve("meta.yml");
    String found = meta.startTime() + " to " + meta.endTime();
    if (!meta.hasFiniteTimes()) {
      problems.warning(
          file,
          "start_time, end_time",
          found,
          "finite times",
          "the device is left out of the experiment");
    } else if (meta.endTime() < meta.startTime()) {
      problems.error(file, "end_time", found, "an end that is not before the start", null);
      opened = false;
    }
  }
}
