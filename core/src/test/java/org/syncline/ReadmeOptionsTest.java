/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.testdata.Recordings;

/** A user's program, started with the options that README gives, and packed by jlink. */
@Tag("any-width")
class ReadmeOptionsTest {
  @TempDir Path folder;

  /** Returns what README's table of options says of a way to start programs. */
  private static String row(String where) throws Exception {
    Matcher row =
        Pattern.compile("(?m)^\\| " + Pattern.quote(where) + " \\| .*?`(.*)` \\|$")
            .matcher(Files.readString(Path.of("../README.md")));
    assertTrue(row.find(), "README has no row " + where);
    return row.group(1);
  }

  private static void assertReads(List<String> command) throws Exception {
    String out = FreshJvm.succeeds(new ProcessBuilder(command));
    // neither scalar kernels nor what the JDK says of calls that were not allowed
    assertEquals(
        "WARNING: Using incubator modules: jdk.incubator.vector\nread float32 [4, ",
        out.substring(0, out.indexOf("[4, ") + 4).replace(System.lineSeparator(), "\n"));
  }

  @Test
  void programsStartWithTheOptionsOfTheReadme() throws Exception {
    Path recording = folder.resolve("recording");
    Recordings.defaultConfig(recording, 5).seconds(20).write();
    Path classes = folder.resolve("classes");
    UserModule.compile(
        folder,
        classes,
        "Reader",
        """
        import java.nio.file.Path;
        import org.syncline.ChunkDataset;
        import org.syncline.DefaultConfigs;
        import org.syncline.loader.Batch;
        import org.syncline.loader.ChunkLoader;

        public final class Reader {
          public static void main(String[] args) throws Exception {
            Path root = Path.of(args[0]);
            try (ChunkDataset dataset = ChunkDataset.open(root, DefaultConfigs.forRecording(root));
                ChunkLoader loader = ChunkLoader.builder().dataset(dataset).batchSize(4).build();
                Batch batch = loader.next()) {
              System.out.println("read " + batch.tensor("screen"));
            }
          }
        }
        """);
    String modules = UserModule.path();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String all = modules + File.pathSeparator + classes;

    String onClassPath = row("`java` on the class path");
    assertReads(words(onClassPath, java, "-cp …", "-cp", all, "user.Reader", recording));
    String argLine = row("Maven's tests");
    assertEquals(
        onClassPath.substring("java ".length(), onClassPath.indexOf(" -cp")),
        argLine.substring("<argLine>".length(), argLine.indexOf("</argLine>")));
    assertEquals(
        "jshell" + onClassPath.substring("java".length()).replace("-cp", "--class-path"),
        row("`jshell`, jars joined by `:`").replace("-R--", "--"));
    assertReads(
        words(
            row("`java` on the module path"),
            java,
            "-p … -m …",
            "-p",
            all,
            "-m",
            UserModule.NAME + "/user.Reader",
            recording));

    Matcher jlink =
        Pattern.compile("--add-modules (\\S+) --add-options=\"(.*)\"").matcher(row("`jlink`"));
    assertTrue(jlink.matches());
    Path runtime = folder.resolve("runtime");
    UserModule.run(
        "jlink",
        "-p",
        all,
        "--add-modules",
        jlink.group(1),
        "--add-options=" + jlink.group(2),
        "--output",
        runtime.toString());
    assertReads(
        List.of(
            runtime.resolve("bin").resolve("java").toString(),
            "-m",
            UserModule.NAME + "/user.Reader",
            recording.toString()));
  }

  /** Returns a row's command with other words in place of its last ones. */
  private static List<String> words(String row, String java, String last, Object... instead) {
    assertTrue(row.startsWith("java ") && row.endsWith(" " + last), row);
    List<String> words = new ArrayList<>(List.of(row.split(" ")));
    words.set(0, java);
    words.subList(words.size() - last.split(" ").length, words.size()).clear();
    Stream.of(instead).map(String::valueOf).forEach(words::add);
    return words;
  }
}
