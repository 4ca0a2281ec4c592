/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.ChunkDataset;
import org.syncline.FreshJvm;
import org.syncline.config.DatasetConfig;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/** What a fresh process loads before its first batch: each of these costs it 10 ms or more. */
@Tag("any-width")
class FirstBatchTest {
  /** Classes until the first batch were 406 and 377 on the day of this guard; an eighth is left. */
  private static final int MOST_OWN = 460;

  private static final int MOST_OF_THE_JDK = 425;

  @TempDir Path folder;

  /** Takes a batch. */
  static final class Child {
    private Child() {}

    /** Opens the recording and configuration that it is given. */
    public static void main(String[] args) throws Exception {
      String config = Files.readString(Path.of(args[1]));
      try (ChunkDataset dataset =
              ChunkDataset.open(Path.of(args[0]), DatasetConfig.parse(config, "test"));
          ChunkLoader loader =
              ChunkLoader.builder().dataset(dataset).batchSize(2).threads(1).build()) {
        loader.next().close();
      }
    }
  }

  @Test
  @Timeout(120)
  void neitherVectorsNorHashesComeBeforeTheFirstBatchAndTheLinkerStartsAsTheDatasetOpens()
      throws Exception {
    Recording recording =
        Recordings.defaultConfig(folder.resolve("r"), 1)
            .seconds(40)
            .frames(48, 64)
            .outputFrames(18, 32)
            .write();
    Path config = Files.writeString(folder.resolve("config.json"), recording.configText());
    Path log = folder.resolve("classes.txt");
    Path begun = folder.resolve("begun.txt");
    // files that were written less than two seconds ago are not put into the cache
    Thread.sleep(2100);
    // the first process reads the trials' files, by Jackson; the one that is looked at has them in
    // the cache, as nearly all have
    for (int process = 0; process < 2; process++) {
      FreshJvm.succeeds(
          FreshJvm.of(
              List.of(
                  "--add-modules=jdk.incubator.vector",
                  "--enable-native-access=ALL-UNNAMED",
                  "-Xlog:class+load:file=" + log,
                  "-Xlog:class+init:file=" + begun),
              Child.class,
              recording.folder().toString(),
              config.toString()));
    }
    String classes = Files.readString(log);
    // its tables of powers are 20 ms in a process that has just begun; the name alone costs nothing
    assertFalse(Files.readString(begun).contains("'java/math/BigDecimal'"), "BigDecimal is begun");
    assertTrue(classes.contains("org.syncline.kernel.ResampleTable "), classes);
    int linking = classes.indexOf("org.syncline.os.Posix$Ahead ");
    assertTrue(
        linking >= 0 && linking < classes.indexOf("org.syncline.start.ValidStarts "), classes);
    for (String name :
        List.of(
            "jdk.incubator.vector.FloatVector",
            "org.syncline.dataset.DatasetIdentity",
            "org.syncline.os.Advice")) {
      assertFalse(classes.contains(name + " "), name + " is loaded");
    }
    // some 0.2 ms each, for they are parsed, checked and linked; those of the JVM's archive are not
    List<String> parsed =
        classes.lines().filter(line -> !line.contains("shared objects file")).toList();
    long own = parsed.stream().filter(line -> line.contains("org.syncline.")).count();
    long jdk = parsed.stream().filter(line -> line.contains("source: jrt:")).count();
    assertTrue(own <= MOST_OWN && jdk <= MOST_OF_THE_JDK, own + " and " + jdk + "\n" + classes);
  }
}
