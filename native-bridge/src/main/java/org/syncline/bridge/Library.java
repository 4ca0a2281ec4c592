/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.syncline.DefaultConfigs;
import org.syncline.Registry;
import org.syncline.config.DatasetConfig;
import org.syncline.config.ModalityConfig;
import org.syncline.document.DocumentException;
import org.syncline.document.Documents;
import org.syncline.document.MapNode;
import org.syncline.error.ConfigException;
import org.syncline.file.Links;
import org.syncline.format.DataKey;
import org.syncline.format.Importer;
import org.syncline.format.checksum.Checksums;
import org.syncline.kernel.KernelProvider;
import org.syncline.kernel.Kernels;

/** Functions of the library as a whole, and over documents. */
final class Library {
  private Library() {}

  static String runtimeInfo(long words) {
    String members = Memory.text(Memory.word(words, 0));
    Kernels kernels = KernelProvider.get();
    Map<String, Object> info = new LinkedHashMap<>();
    if (Documents.json("{" + members + "}", "runtime") instanceof MapNode map) {
      info.putAll(map.value());
    }
    if (info.get("java_home") == null) {
      info.put("java_home", System.getProperty("java.home"));
    }
    info.put("java_version", System.getProperty("java.version"));
    info.put("kernels", kernels.name());
    info.put("vector_bits", kernels.bits());
    info.put("handles", Handles.count());
    info.put("exports", Owners.count());
    info.put("max_heap_bytes", Runtime.getRuntime().maxMemory());
    return Documents.toJson(info);
  }

  static String takeWarnings(long words) {
    return Documents.toJson(Warnings.take());
  }

  static void release(long words) {
    Handles.release(Memory.word(words, 0));
  }

  static void shutdown(long words) {
    Handles.releaseAll();
  }

  /** Takes owners back whose last tensor was deleted: their number, and where their tokens are. */
  static void returned(long words) {
    int n = Math.toIntExact(Memory.word(words, 0));
    long tokens = Memory.word(words, 1);
    for (int i = 0; i < n; i++) {
      Owners.release(Memory.word(tokens, i));
    }
  }

  static String documentRead(long words) throws IOException {
    Path file = Path.of(Memory.text(Memory.word(words, 0)));
    Path folder = file.toAbsolutePath().getParent();
    Links.checkDevice(folder);
    if (file.endsWith("meta.yml")) {
      Checksums.checkDevice(folder);
    }
    if (Files.isDirectory(file)) {
      throw new Failure(Status.RECORDING, file + ": found a folder, expected a YAML or JSON file");
    }
    try {
      return Documents.toJson(Documents.yaml(file).value());
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new Failure(
          Status.NOT_FOUND, file + ": found nothing, expected a YAML or JSON file", e);
    } catch (AccessDeniedException e) {
      throw new Failure(
          Status.PERMISSION,
          file
              + ": found no permission to read it, expected a readable file; change its permissions "
              + "or run as its owner",
          e);
    } catch (DocumentException e) {
      throw new ConfigException(file.toString(), e.line(), "document", e.detail());
    }
  }

  static String documentParse(long words) {
    String text = Memory.text(Memory.word(words, 0));
    String name = Memory.text(Memory.word(words, 1));
    return Documents.toJson(Options.tree(text, name == null ? "text" : name).value());
  }

  static String dataKey(long words) {
    return DataKey.of(Path.of(Memory.text(Memory.word(words, 0))));
  }

  static String configFor(long words) {
    Path root = Path.of(Memory.text(Memory.word(words, 0)));
    DatasetConfig config = DefaultConfigs.forRecording(root);
    DatasetConfig.Builder defaults = DatasetConfig.builder();
    config
        .modalities()
        .keySet()
        .forEach(name -> defaults.modality(name, ModalityConfig.builder().build()));
    return Documents.toJson(
        changed(
            Options.parse(config.toJson(), "configuration").rest(),
            Options.parse(defaults.build().toJson(), "defaults").rest()));
  }

  /** Returns the entries of a map that differ from those of another, at every depth. */
  private static Map<String, Object> changed(Map<?, ?> map, Map<?, ?> other) {
    Map<String, Object> kept = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          Object before = other.get(key);
          if (!Objects.equals(value, before)) {
            boolean both = value instanceof Map && before instanceof Map;
            kept.put((String) key, both ? changed((Map<?, ?>) value, (Map<?, ?>) before) : value);
          }
        });
    return kept;
  }

  static String importFile(long words) {
    String format = Memory.text(Memory.word(words, 0));
    String request = Memory.text(Memory.word(words, 1));
    Set<String> known = new TreeSet<>();
    for (Importer importer : ServiceLoader.load(Importer.class, Importer.class.getClassLoader())) {
      if (importer.format().equals(format)) {
        return Documents.toJson(importer.run(Options.parse(request, format).rest()));
      }
      known.add(importer.format());
    }
    throw new IllegalArgumentException(
        "format is '"
            + format
            + "', expected one that an importer on the class path knows: "
            + (known.isEmpty() ? "none is there (syncline-nwb.jar is one)" : known));
  }

  static String statistics(long words) {
    return Documents.toJson(
        StatisticsRequest.run(
            Path.of(Memory.text(Memory.word(words, 0))), Memory.text(Memory.word(words, 1))));
  }

  static long isRegistered(long words) {
    String kind = Memory.text(Memory.word(words, 0));
    String name = Memory.text(Memory.word(words, 1));
    Registry registry = Registry.services();
    boolean registered =
        switch (kind) {
          case "filter" -> registry.hasFilter(name);
          case "transform" -> registry.hasTransform(name);
          default ->
              throw new IllegalArgumentException(
                  "kind is '" + kind + "', expected filter or transform");
        };
    return registered ? 1 : 0;
  }
}
