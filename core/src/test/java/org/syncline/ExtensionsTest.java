/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that register nothing are said, and those that others need are not. */
@Tag("any-width")
class ExtensionsTest {
  private static final String SPEAKS = "in which %s speaks of %s and no provider is named";

  @TempDir Path root;

  /** Writes a jar; entries named Provider refer to the interface. */
  private Path jar(String name, String... entries) throws IOException {
    Path file = root.resolve(name);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
      for (String entry : entries) {
        jar.putNextEntry(new JarEntry(entry));
        if (entry.contains("Provider")) {
          jar.write("..oorg/syncline/RegistryProvider.".getBytes(StandardCharsets.US_ASCII));
        }
      }
    }
    return file;
  }

  private static String speaks(String name) {
    return SPEAKS.formatted(name, RegistryProvider.class.getName());
  }

  @Test
  void aJarWithoutAClassMayHoldWhatOthersNeed() throws IOException {
    String manifest = "META-INF/MANIFEST.MF";
    Path sources = jar("sources.jar", manifest, "org/", "org/My.java", "README.md");
    Path nothing = jar("nothing.jar", manifest, "META-INF/maven/a/pom.xml");
    List<Path> all =
        List.of(
            sources,
            jar("natives.jar", manifest, "linux/libneeded.so"),
            jar("inside.jar", manifest, "META-INF/native/libneeded.so"),
            jar("resources.jar", "tables/colours.csv", "README.md"),
            jar("library.jar", manifest, "org/My.class"),
            jar("useful.jar", "META-INF/services/" + RegistryProvider.class.getName()),
            root.resolve("none.jar"),
            nothing);
    String none = "in which there is no class";
    assertEquals(Map.of(sources, none, nothing, none), Extensions.faults(all));
  }

  @Test
  void fiveHundredClassesAreReadTheSmallestJarsFirst() throws IOException {
    String[] many =
        IntStream.range(0, 600).mapToObj(i -> "org/C" + i + ".class").toArray(String[]::new);
    Path library = jar("a-library.jar", many);
    Path last =
        jar(
            "b-last.jar",
            Stream.concat(Stream.of(many), Stream.of("Provider.class")).toArray(String[]::new));
    Path first =
        jar(
            "c-first.jar",
            Stream.concat(Stream.of("Provider.class"), Stream.of(many).limit(498))
                .toArray(String[]::new));
    Path untold = jar("d-untold.jar", "org/MyProvider.class");
    Path folder = Files.createDirectories(root.resolve("folder/org"));
    Files.copy(untold, folder.resolve("My.java"));
    Files.writeString(folder.resolve("It.class"), "org/syncline/RegistryProvider");
    assertEquals(
        Map.of(
            untold,
            speaks("org/MyProvider.class"),
            folder.getParent(),
            speaks("org/It.class"),
            first,
            speaks("Provider.class")),
        Extensions.faults(List.of(library, last, first, untold, folder.getParent())));
  }
}
