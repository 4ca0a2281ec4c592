/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * What the command, C and Python are extended with: says once a process which of it does nothing.
 */
final class Extensions {
  /** Names jars and folders. */
  private static final String NAME = "SYNCLINE_EXTENSIONS";

  private static final String PROVIDER = RegistryProvider.class.getName();

  /** The provider's name as class files hold it that refer to it. */
  private static final byte[] REFERENCE =
      PROVIDER.replace('.', '/').getBytes(StandardCharsets.US_ASCII);

  private static final String SERVICES = "META-INF/services/" + PROVIDER;

  /** Classes of all jars and folders together that are read. */
  private static final int MOST_CLASSES = 500;

  /** Files of a folder that are looked at. */
  private static final int MOST_FILES = 2000;

  private static final int MOST_BYTES = 1 << 20;

  private static final AtomicBoolean SAID = new AtomicBoolean();

  /**
   * A jar or folder without a provider.
   *
   * @param others whether there are files beside classes that another jar may need
   */
  private record Part(Path path, List<String> classes, boolean others) {
    static Part of(Path path, List<String> names) {
      return new Part(
          path,
          names.stream().filter(name -> name.endsWith(".class")).toList(),
          names.stream().anyMatch(Part::isOther));
    }

    /** Returns whether a file is none that a jar of nothing, or of sources, has. */
    private static boolean isOther(String name) {
      String file = name.substring(name.lastIndexOf('/') + 1);
      boolean about =
          name.startsWith("META-INF/")
              && !name.startsWith("META-INF/native")
              && !name.startsWith("META-INF/resources/");
      return !file.isEmpty()
          && !about
          && !file.endsWith(".java")
          && !file.toUpperCase(Locale.ROOT).startsWith("README");
    }
  }

  private Extensions() {}

  /**
   * Says that nothing is registered, or which jars and folders of classes register nothing though
   * they could be meant to: they have a provider that nobody is told of, or neither a class nor
   * anything else. Others are what these need.
   *
   * @param providers the classes that were found
   */
  static void sayUseless(List<Class<?>> providers) {
    String given = System.getenv(NAME);
    if (given == null || given.replace(":", "").isBlank() || !SAID.compareAndSet(false, true)) {
      return;
    }
    if (providers.isEmpty()) {
      warn(given, "in which there is no provider of " + PROVIDER);
      return;
    }
    // of a module, whose description names them
    Set<Path> useful = new HashSet<>();
    for (Class<?> provider : providers) {
      Path place = provider.getModule().isNamed() ? place(provider) : null;
      if (place != null) {
        useful.add(place);
      }
    }
    List<Path> parts = new ArrayList<>();
    for (String entry : given.split(":")) {
      if (!entry.isBlank()) {
        try {
          for (Path part : parts(Path.of(entry))) {
            if (!useful.contains(part.toRealPath())) {
              parts.add(part);
            }
          }
        } catch (IOException | RuntimeException _) {
          // who reads classes from there says what is wrong with it
        }
      }
    }
    faults(parts).forEach((part, fault) -> warn(part.toString(), fault));
  }

  /**
   * Returns what is wrong with jars and folders. Reads the smallest first: a provider stands in a
   * jar of few classes, beside libraries of thousands.
   */
  static Map<Path, String> faults(List<Path> given) {
    List<Part> parts = new ArrayList<>();
    for (Path path : given) {
      try {
        Part part = part(path);
        if (part != null) {
          parts.add(part);
        }
      } catch (IOException | RuntimeException _) {
        // as above
      }
    }
    parts.sort(Comparator.comparingInt(part -> part.classes().size()));
    Map<Path, String> faults = new LinkedHashMap<>();
    int left = MOST_CLASSES;
    for (Part part : parts) {
      int most = Math.min(left, part.classes().size());
      left -= most;
      try {
        String fault = fault(part, most);
        if (fault != null) {
          faults.put(part.path(), fault);
        }
      } catch (IOException | RuntimeException _) {
        // as above
      }
    }
    return faults;
  }

  private static void warn(String found, String fault) {
    System.getLogger("org.syncline")
        .log(
            System.Logger.Level.WARNING,
            "{0} is {1}, {2}, so that it registers nothing; expected META-INF/services/{3} with the"
                + " name of one in a jar or folder, or provides in a module''s description",
            NAME,
            found,
            fault,
            PROVIDER);
  }

  /** Returns the jar or folder that a class lies in, or null where that cannot be told. */
  static Path place(Class<?> provider) {
    CodeSource source = provider.getProtectionDomain().getCodeSource();
    try {
      URI uri = source == null ? null : source.getLocation().toURI();
      return uri == null ? null : Path.of(uri).toRealPath();
    } catch (URISyntaxException
        | IOException
        | IllegalArgumentException
        | FileSystemNotFoundException _) {
      return null;
    }
  }

  /** Returns an entry's jars, or itself. */
  private static List<Path> parts(Path entry) throws IOException {
    if (!Files.isDirectory(entry)) {
      return List.of(entry);
    }
    try (Stream<Path> files = Files.list(entry)) {
      List<Path> jars =
          files.filter(f -> f.getFileName().toString().endsWith(".jar")).sorted().toList();
      return jars.isEmpty() ? List.of(entry) : jars;
    }
  }

  /** Returns a jar or folder, or null for one with a provider. */
  private static Part part(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      if (Files.exists(path.resolve(SERVICES))) {
        return null;
      }
      try (Stream<Path> files = Files.walk(path)) {
        return Part.of(
            path,
            files
                .filter(Files::isRegularFile)
                .limit(MOST_FILES)
                .map(file -> path.relativize(file).toString())
                .toList());
      }
    }
    try (JarFile jar = new JarFile(path.toFile())) {
      return jar.getEntry(SERVICES) != null
          ? null
          : Part.of(path, jar.stream().map(JarEntry::getName).toList());
    }
  }

  /** Returns what is wrong with a jar or folder without a provider, or null. */
  private static String fault(Part part, int most) throws IOException {
    if (part.classes().isEmpty()) {
      return part.others() ? null : "in which there is no class";
    }
    List<String> classes = part.classes().subList(0, most);
    if (Files.isDirectory(part.path())) {
      for (String name : classes) {
        try (InputStream in = Files.newInputStream(part.path().resolve(name))) {
          if (refers(in)) {
            return named(name);
          }
        }
      }
    } else if (most > 0) {
      try (JarFile jar = new JarFile(part.path().toFile())) {
        for (String name : classes) {
          try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
            if (refers(in)) {
              return named(name);
            }
          }
        }
      }
    }
    return null;
  }

  private static String named(String file) {
    return "in which " + file + " speaks of " + PROVIDER + " and no provider is named";
  }

  private static boolean refers(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES);
    int length = REFERENCE.length;
    for (int i = 0; i <= bytes.length - length; i++) {
      if (bytes[i] == REFERENCE[0] && Arrays.equals(bytes, i, i + length, REFERENCE, 0, length)) {
        return true;
      }
    }
    return false;
  }
}
