/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.bridge;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.syncline.fuzz.Scene;
import org.syncline.fuzz.Target;

/**
 * States as C restores them: of a dataset, or of a loader that the first byte chooses. What is
 * taken is given back as it is, and the next batch comes; what is refused moves nothing.
 */
public final class States implements Target {
  private static final String ORDER =
      "\"batch_size\": 2, \"shuffle\": true, \"seed\": 7, \"threads\": 1";

  /** Loaders of one dataset, then of two: one for each order that writes a state of its own. */
  private static final List<String> ONE =
      List.of(
          ORDER + ", \"indices_only\": true",
          ORDER + ", \"shuffle_each_epoch\": true",
          ORDER + ", \"rank\": 1, \"world_size\": 2, \"remainder\": \"drop\"",
          "\"fed\": true, \"batch_size\": 2");

  private static final List<String> TWO =
      List.of(
          ORDER + ", \"weights\": [1, 2]",
          ORDER + ", \"sessions\": \"long\", \"rank\": 0, \"world_size\": 2",
          ORDER + ", \"sessions\": \"short\", \"share_sessions\": true, \"world_size\": 2",
          ORDER + ", \"sessions\": \"exhaust\"");

  private static final String CONFIG =
      "{\"modality_config\": {\"responses\": {\"sampling_rate\": 8, \"chunk_size\": 4}}}";

  private final Caller opened = new Caller();
  private final long dataset = dataset("alone");
  private final long[] loaders = new long[ONE.size() + TWO.size()];

  /** Opens everything. */
  public States() {
    MemorySegment both = opened.arena().allocateFrom(JAVA_LONG, dataset("one"), dataset("other"));
    for (int i = 0; i < loaders.length; i++) {
      boolean one = i < ONE.size();
      String options = "{" + (one ? ONE.get(i) : TWO.get(i - ONE.size())) + "}";
      loaders[i] =
          opened.open(Export.LOADER_OPEN, both.address(), one ? 1 : 2, opened.text(options));
      if (loaders[i] == 0) {
        throw new AssertionError(options + ": " + opened.message());
      }
    }
  }

  private long dataset(String key) {
    long handle =
        opened.open(
            Export.DATASET_OPEN,
            opened.text(Scene.recording(key).folder().toString()),
            opened.text(CONFIG),
            0);
    if (handle == 0) {
      throw new AssertionError(opened.message());
    }
    return handle;
  }

  @Override
  public void run(byte[] input) {
    if (input.length == 0) {
      return;
    }
    // a text of C ends at the first NUL
    String text = new String(input, 1, input.length - 1, StandardCharsets.UTF_8).replace("\0", "");
    int which = (input[0] & 0xff) % (loaders.length + 1);
    try (Caller c = new Caller()) {
      if (which == loaders.length) {
        if (restore(c, Export.DATASET_RESTORE, Export.DATASET_STATE, dataset, text)) {
          c.call(Export.DATASET_LENGTH, dataset);
          c.take(Export.DATASET_ITEM, dataset, 0, 0);
        }
      } else if (ONE.size() > which && ONE.get(which).contains("fed")) {
        int status = c.call(Export.LOADER_RESTORE, loaders[which], c.text(text));
        if (status != Status.ARGUMENT) {
          throw new AssertionError("a fed loader restores a state: status " + status);
        }
      } else if (restore(c, Export.LOADER_RESTORE, Export.LOADER_STATE, loaders[which], text)) {
        int status = c.take(Export.LOADER_NEXT, loaders[which], 8, 10_000);
        if (status != Status.OK && status != Status.END) {
          throw new AssertionError("behind a state, status " + status + ", " + c.message());
        }
        c.call(Export.LOADER_BEGIN_EPOCH, loaders[which], 0);
      }
    }
  }

  private static boolean restore(Caller c, Export restore, Export state, long handle, String text) {
    String before = c.answer(state, handle);
    int status = c.call(restore, handle, c.text(text));
    String after = c.answer(state, handle);
    if (status == Status.OK) {
      c.require(restore, handle, c.text(after));
      same(after, c.answer(state, handle), "written and read again it is another");
    } else if (status == Status.STATE) {
      same(before, after, "a state that is refused moves it");
    } else {
      throw new AssertionError(restore + ": status " + status + ", " + c.message());
    }
    return status == Status.OK;
  }

  private static void same(String one, String other, String otherwise) {
    if (!one.equals(other)) {
      throw new AssertionError(otherwise + ": " + one + ", " + other);
    }
  }
}
