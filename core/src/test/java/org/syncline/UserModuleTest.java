/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users compile with every warning on: neither the incubating module of the vectors nor the
 * annotations of what may be null are theirs to have.
 */
@Tag("any-width")
class UserModuleTest {
  @TempDir Path folder;

  @Test
  void compilesWithoutAWarning() throws Exception {
    UserModule.compile(
        folder,
        folder.resolve("classes"),
        "Reader",
        """
        import java.util.Map;
        import org.syncline.array.Tensor;
        import org.syncline.config.DatasetConfig;
        import org.syncline.filter.Filter;
        import org.syncline.loader.Batch;
        import org.syncline.loader.ChunkLoader;
        import org.syncline.transform.ScreenTransform;

        /** Names types and members whose signatures say that something may be null. */
        public abstract class Reader implements Filter, ScreenTransform {
          /** Reads a batch. */
          public static Map<String, Tensor> first(ChunkLoader loader) throws InterruptedException {
            DatasetConfig config = DatasetConfig.builder().seed(null).lead("screen").build();
            try (Batch batch = loader.next()) {
              return batch == null || config.seed() == null ? null : batch.values();
            }
          }
        }
        """);
  }
}
