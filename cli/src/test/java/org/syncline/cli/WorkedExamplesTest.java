/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package org.syncline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares CONTRIBUTING.md's table of what to touch with the examples in docs/extending, and runs
 * the examples: all are applied to a copy of the tree, compiled, and their tests run.
 */
class WorkedExamplesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path EXAMPLES = ROOT.resolve("docs/extending");

  /** How many files each kind of addition may touch; the house was built to these numbers. */
  private static final Map<String, Integer> MOST =
      Map.of(
          "interpolation-mode.patch", 3,
          "screen-transform.patch", 2,
          "kernel.patch", 5,
          "loader-order.patch", 3,
          "c-function.patch", 4);

  @TempDir Path folder;

  @Test
  void tableNamesTheFilesThatExamplesTouch() throws IOException {
    Map<String, Set<String>> touched = new TreeMap<>();
    for (Path patch : patches()) {
      touched.put(patch.getFileName().toString(), counted(patch));
    }
    assertEquals(touched, table());
    assertEquals(MOST.keySet(), touched.keySet());
    MOST.forEach(
        (name, most) ->
            assertTrue(
                touched.get(name).size() <= most,
                name + " touches " + touched.get(name) + ", expected at most " + most));
  }

  @Test
  void modalityTouchesNothingOfTheTree() throws IOException {
    String text = Files.readString(ROOT.resolve("CONTRIBUTING.md"));
    assertTrue(text.contains("[events](docs/extending/events)"), "the table has no modality");
    try (Stream<Path> files = Files.walk(EXAMPLES.resolve("events/src/main"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        assertTrue(Files.readString(file).contains("package org.example.events;"), file.toString());
      }
    }
  }

  @Test
  void examplesCompileAndTheirTestsPass() throws Exception {
    Path tree = copy();
    List<String> tests = new ArrayList<>();
    for (Path patch : patches()) {
      run(tree, "git", "apply", "-C1", patch.toString());
      for (String file : files(patch)) {
        if (file.startsWith("core/src/test/java/")) {
          String name = file.substring("core/src/test/java/".length(), file.length() - 5);
          tests.add(name.replace('/', '.'));
        }
      }
    }
    assertFalse(tests.isEmpty());
    String[] path = System.getProperty("java.class.path").split(File.pathSeparator);
    String libraries =
        Arrays.stream(path).filter(p -> !isCore(p)).collect(Collectors.joining(File.pathSeparator));
    String main = compile(tree, "core/src/main/java", "main", libraries);
    String test =
        compile(tree, "core/src/test/java", "test", main + File.pathSeparator + libraries);
    compile(tree, "native-bridge/src/main/java", "bridge", main + File.pathSeparator + libraries);
    // without a C compiler this says so and does nothing, as the build does
    run(
        tree,
        "sh",
        "native-bridge/src/main/c/build.sh",
        folder.resolve("native").toString(),
        "0",
        main,
        System.getProperty("java.home"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(File.pathSeparator, main, test, libraries),
                ExampleTests.class.getName()));
    command.addAll(tests);
    run(ROOT.resolve("core"), command.toArray(new String[0]));
  }

  /** Returns whether an entry of the class path is the library as it is. */
  private static boolean isCore(String entry) {
    return Path.of(entry).getFileName().toString().startsWith("syncline-core")
        || Files.exists(Path.of(entry, "org/syncline/ChunkDataset.class"));
  }

  /**
   * Returns whether a file needs none of Fray, which is on the class path of core's tests alone.
   */
  private static boolean isCompiledHere(Path file) {
    try {
      return !Files.readString(file).contains("import org.pastalab.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String compile(Path tree, String sources, String name, String classpath)
      throws IOException {
    Path target = Files.createDirectories(folder.resolve(name));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--add-modules=jdk.incubator.vector",
                "-proc:none",
                "-nowarn",
                "-Xlint:none",
                "-d",
                target.toString(),
                "-cp",
                classpath));
    try (Stream<Path> files = Files.walk(tree.resolve(sources))) {
      files
          .filter(f -> f.toString().endsWith(".java") && !f.endsWith("module-info.java"))
          .filter(WorkedExamplesTest::isCompiledHere)
          .map(Path::toString)
          .forEach(arguments::add);
    }
    var errors = new java.io.ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, errors, errors, arguments.toArray(new String[0]));
    assertEquals(0, status, errors.toString(StandardCharsets.UTF_8));
    Path resources = tree.resolve(sources).resolveSibling("resources");
    if (Files.isDirectory(resources)) {
      copy(resources, target);
    }
    return target.toString();
  }

  private Path copy() throws IOException {
    Path tree = folder.resolve("tree");
    for (String part : List.of("core/src", "native-bridge/src", "docs", "dev")) {
      copy(ROOT.resolve(part), tree.resolve(part));
    }
    return tree;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void run(Path directory, String... command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    // a folder inside a checkout: git would look for the paths in the repository around it
    builder.environment().put("GIT_CEILING_DIRECTORIES", directory.getParent().toString());
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), String.join(" ", command) + "\n" + text);
  }

  private static List<Path> patches() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(f -> f.toString().endsWith(".patch")).sorted().toList();
    }
  }

  /** Returns the files that a patch touches, those that it adds too. */
  private static Set<String> files(Path patch) throws IOException {
    Set<String> files = new TreeSet<>();
    for (String line : Files.readAllLines(patch)) {
      if (line.startsWith("+++ b/")) {
        files.add(line.substring(6));
      }
    }
    return files;
  }

  /** Returns what counts: no tests, nothing generated, no changelog. */
  private static Set<String> counted(Path patch) throws IOException {
    Set<String> files = files(patch);
    files.removeIf(
        f ->
            f.contains("/src/test/")
                || f.contains("/generated/")
                || f.equals("CHANGELOG.md")
                || isGenerated(ROOT.resolve(f)));
    return files;
  }

  private static boolean isGenerated(Path file) {
    try (Stream<String> lines = Files.exists(file) ? Files.lines(file) : Stream.empty()) {
      return lines
          .limit(8)
          .anyMatch(l -> l.toLowerCase(java.util.Locale.ROOT).contains("do not edit"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Returns the files of each row of the table, by its example. */
  private static Map<String, Set<String>> table() throws IOException {
    Pattern row =
        Pattern.compile(
            "\\|[^|]*\\|([^|]*)\\| \\[[^]]*]\\(docs/extending/([a-z-]+\\.patch)\\) \\|");
    Map<String, Set<String>> table = new LinkedHashMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("CONTRIBUTING.md"))) {
      Matcher found = row.matcher(line);
      if (found.matches()) {
        Set<String> files = new TreeSet<>();
        Matcher name = Pattern.compile("`([^`]+)`").matcher(found.group(1));
        while (name.find()) {
          files.add(name.group(1));
        }
        table.put(found.group(2), files);
      }
    }
    return new TreeMap<>(table);
  }
}
