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
import java.util.List;
import java.util.Set;
import org.syncline.device.DeviceMeta;
import org.syncline.device.MetaFile;
import org.syncline.device.Modality;
import org.syncline.device.Problem;
import org.syncline.device.Problems;
import org.syncline.device.support.CommonRange;
import org.syncline.error.RecordingException;
import org.syncline.format.DataKey;
import org.syncline.format.Fields;

/**
 * Says everything that is wrong with a recording, without changing it. What makes opening or
 * reading fail, or gives wrong values, is an error; what is merely odd is a warning. Data up to 256
 * MB a device is read whole, of more a sample of rows over its whole length.
 */
public final class Validator {
  private final Problems problems = new Problems();
  private final CommonRange range = new CommonRange();

  private final Registry registry;

  private Validator(Registry registry) {
    this.registry = registry;
  }

  /** Validates a recording with the modalities of {@link Registry#services()}. */
  public static List<Problem> validate(Path root) {
    return validate(root, Registry.services());
  }

  /**
   * Returns all problems of a recording, errors and warnings, device by device; empty where there
   * is none.
   */
  public static List<Problem> validate(Path root, Registry registry) {
    Validator validator = new Validator(registry);
    validator.recording(root);
    return validator.problems.list();
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
    DataKey.of(
        root,
        text ->
            problems.warning(
                root.resolve("meta.json"), null, text, "a data_key or a complete scan_key", null));
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry) && !entry.getFileName().toString().startsWith(".")) {
          folders.add(entry);
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
      } else if (!Files.exists(folder.resolve("meta.yml"))) {
        problems.warning(
            folder,
            "meta.yml",
            "no such file",
            "a device's meta.yml",
            "without it the folder is no device");
      } else {
        devices++;
        problems.guarded(() -> device(folder));
      }
    }
    if (devices == 0) {
      problems.error(root, null, "no device", "at least one sub-folder with a meta.yml", null);
    }
    String apart = range.nothingShared();
    if (apart != null) {
      problems.warning(root, "time range", apart, "a range of time that all devices share", null);
    }
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
        meta = modality.read(file);
      } catch (RecordingException e) {
        problems.error(e);
        String key = e.key() == null ? "" : e.key().split("[.\\[]")[0];
        if (key.isEmpty() || !broken.add(key)) {
          return;
        }
        file = file.with(key, modality.placeholders().get(key));
      }
    }
    times(meta, broken);
    Problems found = new Problems(broken);
    DeviceMeta device = meta;
    found.guarded(() -> device.check(found));
    problems.addAll(found);
    range.include(folder, found.start(), found.end());
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
    } else {
      range.include(meta.folder(), meta.startTime(), meta.endTime());
    }
  }
}
