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
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
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
  private static final String REFERENCE = PROVIDER.replace('.', '/');

  private static final String SERVICES = "META-INF/services/" + PROVIDER;

  /** Classes of one jar or folder that are looked at. */
  private static final int MOST_CLASSES = 2000;

  private static final int MOST_BYTES = 1 << 20;

  private static final AtomicBoolean SAID = new AtomicBoolean();

  private Extensions() {}

  /**
   * Says that nothing is registered, or which jars and folders of classes register nothing though
   * they could be meant to: they have a provider that nobody is told of, or no class at all. Others
   * are what these need.
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
    for (String entry : given.split(":")) {
      if (!entry.isBlank()) {
        try {
          for (Path part : parts(Path.of(entry))) {
            String fault = useful.contains(part.toRealPath()) ? null : fault(part);
            if (fault != null) {
              warn(part.toString(), fault);
            }
          }
        } catch (IOException | RuntimeException _) {
          // who reads classes from there says what is wrong with it
        }
      }
    }
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

  private static Path place(Class<?> provider) {
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

  /** Returns what is wrong with a jar or folder without a provider, or null. */
  private static String fault(Path part) throws IOException {
    boolean any = false;
    if (Files.isDirectory(part)) {
      if (Files.exists(part.resolve(SERVICES))) {
        return null;
      }
      List<Path> classes;
      try (Stream<Path> files = Files.walk(part)) {
        classes = files.filter(f -> f.toString().endsWith(".class")).limit(MOST_CLASSES).toList();
      }
      for (Path file : classes) {
        any = true;
        try (InputStream in = Files.newInputStream(file)) {
          if (refers(in)) {
            return named(part.relativize(file).toString());
          }
        }
      }
    } else {
      try (JarFile jar = new JarFile(part.toFile())) {
        if (jar.getEntry(SERVICES) != null) {
          return null;
        }
        List<JarEntry> classes = new ArrayList<>();
        for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
          JarEntry entry = all.nextElement();
          if (entry.getName().endsWith(".class") && classes.size() < MOST_CLASSES) {
            classes.add(entry);
          }
        }
        for (JarEntry entry : classes) {
          any = true;
          try (InputStream in = jar.getInputStream(entry)) {
            if (refers(in)) {
              return named(entry.getName());
            }
          }
        }
      }
    }
    return any ? null : "in which there is no class";
  }

  private static String named(String file) {
    return "in which " + file + " speaks of " + PROVIDER + " and no provider is named";
  }

  private static boolean refers(InputStream in) throws IOException {
    return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1).contains(REFERENCE);
  }
}
