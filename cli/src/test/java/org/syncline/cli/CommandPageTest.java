/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.document.Documents;
import org.syncline.storage.Npy;
import org.syncline.testdata.Recordings;
import picocli.CommandLine;

/**
 * docs/command.md says of each command's options what its help says, and of its JSON all that it
 * prints and nothing else.
 *
 * <p>With {@code -Dsyncline.reference=apply} the helps are written again.
 */
class CommandPageTest {
  private static final Path PAGE = Path.of("../docs/command.md");
  private static final Pattern HELP =
      Pattern.compile(
          "(<!-- help of ([a-z ]+), written by CommandPageTest -->\n)(.*?)(<!-- end -->)",
          Pattern.DOTALL);
  private static final Pattern FIELD = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

  @TempDir static Path folder;
  private static Path recording;

  @BeforeAll
  static void makeRecording() {
    recording = folder.resolve("recordings/one");
    Recordings.defaultConfig(recording, 5).seconds(40).write();
  }

  private static String help(String name) {
    CommandLine line = Main.commandLine();
    for (String word : name.split(" ")) {
      line = word.equals("syncline") ? line : line.getSubcommands().get(word);
    }
    // commands get their own text when they are parsed: that of the whole tree is set already
    return line.getUsageMessage(CommandLine.Help.Ansi.OFF);
  }

  @Test
  void thePageHasTheHelpOfEachCommand() throws IOException {
    String page = Files.readString(PAGE);
    List<String> named = new ArrayList<>();
    String expected =
        HELP.matcher(page)
            .replaceAll(
                found -> {
                  named.add(found.group(2));
                  return Matcher.quoteReplacement(
                      found.group(1)
                          + "```text\n"
                          + help(found.group(2))
                          + "```\n"
                          + found.group(4));
                });
    if ("apply".equals(System.getProperty("syncline.reference"))) {
      Files.writeString(PAGE, expected);
    }
    assertEquals(expected, Files.readString(PAGE));
    Set<String> commands = new LinkedHashSet<>(Main.commandLine().getSubcommands().keySet());
    commands.removeAll(Set.of("help", "completion", "import"));
    named.remove("syncline");
    named.replaceAll(name -> name.equals("syncline import nwb") ? null : name.substring(9));
    named.removeIf(name -> name == null);
    assertEquals(commands, Set.copyOf(named), "each command has a section");
  }

  @Test
  void everyOptionIsAscii() {
    // picocli writes past the stream that replaces what a terminal lacks
    for (String name : Main.commandLine().getSubcommands().keySet()) {
      assertTrue(help(name).chars().allMatch(c -> c < 128), name);
    }
  }

  /** Runs a command and returns the fields of its JSON. */
  private static Set<String> fields(int status, Object... args) {
    PrintStream out = System.out;
    var bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      assertEquals(
          status, Main.run(Arrays.stream(args).map(Object::toString).toArray(String[]::new)));
    } finally {
      System.setOut(out);
    }
    Set<String> fields = new LinkedHashSet<>();
    flatten("", Documents.json(bytes.toString(StandardCharsets.UTF_8), "json").value(), fields);
    return fields;
  }

  private static void flatten(String name, Object value, Set<String> fields) {
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      // dots in names of files are no steps
      map.forEach(
          (key, each) -> flatten((name.isEmpty() ? "" : name + "\u0000") + key, each, fields));
    } else if (value instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof Map) {
      list.forEach(each -> flatten(name + "[]", each, fields));
    } else {
      fields.add(name);
    }
  }

  private static void check(String command, List<Set<String>> runs) throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf("\n## " + command + "\n");
    int to = page.indexOf("\n## ", from + 4);
    String section = page.substring(from, to < 0 ? page.length() : to);
    List<String> documented = FIELD.matcher(section).results().map(r -> r.group(1)).toList();
    assertFalse(documented.isEmpty(), command);
    Set<String> unseen = new LinkedHashSet<>(documented);
    for (String field : runs.stream().flatMap(Set::stream).toList()) {
      List<String> fitting = documented.stream().filter(d -> fits(d, field, false)).toList();
      unseen.removeAll(fitting);
      // of an empty list no field is seen
      assertTrue(
          !fitting.isEmpty() || documented.stream().anyMatch(d -> fits(d, field, true)),
          command + " prints " + field.replace('\u0000', '.') + ", which " + PAGE + " lacks");
    }
    assertEquals(Set.of(), unseen, "fields of " + PAGE + " that " + command + " never prints");
  }

  private static boolean fits(String documented, String field, boolean beginning) {
    String[] steps = documented.split("\\.");
    String[] found = field.split("\u0000");
    if (beginning ? found.length > steps.length : found.length != steps.length) {
      return false;
    }
    for (int i = 0; i < found.length; i++) {
      String step = steps[i].replace("[]", "");
      String name = found[i].replace("[]", "");
      boolean list = steps[i].endsWith("[]");
      if (!step.equals(name) && !step.equals(step.toUpperCase(java.util.Locale.ROOT))
          || list != found[i].endsWith("[]") && !(beginning && i == found.length - 1)) {
        return false;
      }
    }
    return true;
  }

  @Test
  void jsonOfRecordingsIsWhatThePageSays() throws Exception {
    Path nowhere = folder.resolve("nowhere");
    Path tiers = folder.resolve("tiers.yaml");
    Files.writeString(
        tiers,
        "{out_keys: [screen, meta.tier], modality_config: {screen: {sampling_rate: 10, chunk_size:"
            + " 5}}}");
    check(
        "syncline info",
        List.of(
            fields(0, "info", recording, "--nans", "-j"),
            fields(1, "info", recording, nowhere, "--json"),
            fields(0, "info", EncodedRecording.make(folder.resolve("encoded"), 30), "--json")));
    check("syncline validate", List.of(fields(1, "validate", recording, nowhere, "-j")));
    check("syncline checksums", List.of(fields(0, "checksums", recording, "-j")));
    check("syncline stats", List.of(fields(0, "stats", recording.getParent(), "-j")));
    check(
        "syncline sample",
        List.of(
            fields(0, "sample", recording, "-c", tiers, "-o", folder.resolve("page.npz"), "-j")));
    check(
        "syncline plot",
        List.of(fields(0, "plot", recording, "-o", folder.resolve("page.png"), "--json")));
    check(
        "syncline demo",
        List.of(
            fields(
                0, "demo", "-r", recording, "-n", 1, "-o", folder.resolve("demo.png"), "--json")));
    check(
        "syncline bench",
        List.of(
            fields(0, "bench", recording, "-n", 20, "--json"),
            fields(0, "bench", recording, "-n", 20, "--latency", "--json")));
    try (OwnCache _ = OwnCache.in(folder.resolve("cache"))) {
      check(
          "syncline decode",
          List.of(fields(1, "decode", folder.resolve("encoded"), nowhere, "--json")));
    }
  }

  @Test
  void jsonOfWhatIsMadeIsWhatThePageSays() throws Exception {
    Path file = Path.of("../nwb/src/test/resources/org/syncline/nwb/session.nwb");
    check(
        "syncline import nwb",
        List.of(
            fields(0, "import", "nwb", file, "-l", "--json"),
            fields(0, "import", "nwb", file, "--to", folder.resolve("nwb"), "--json")));
    Path values = folder.resolve("values.npy");
    Npy.write(values, new double[] {Double.NaN, Double.NaN, Double.NaN, Double.NaN}, 4, 1);
    check(
        "syncline make",
        List.of(
            fields(
                0,
                "make",
                folder.resolve("made"),
                "--sequence",
                "eye=" + values,
                "--rate",
                "eye=1",
                "--json")));
  }
}
