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
    FreshJvm.succeeds(
        FreshJvm.of(
            List.of(
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xlog:class+load:file=" + log),
            Child.class,
            recording.folder().toString(),
            config.toString()));
    String classes = Files.readString(log);
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
  }
}
