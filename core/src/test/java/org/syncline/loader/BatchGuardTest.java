/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.syncline.array.Tensor;
import org.syncline.error.ClosedException;
import org.syncline.setting.Setting;

/** What uses a batch after its close, with and without the search for that. */
@Tag("any-width")
@Timeout(60)
class BatchGuardTest {
  private static ChunkLoader loader(boolean guarded) {
    String before = System.getProperty(Setting.DEBUG_BATCHES.property());
    System.setProperty(Setting.DEBUG_BATCHES.property(), String.valueOf(guarded));
    try {
      return Fakes.chunks(new FakeSource("a", 40, 3), b -> b.batchSize(4));
    } finally {
      if (before == null) {
        System.clearProperty(Setting.DEBUG_BATCHES.property());
      } else {
        System.setProperty(Setting.DEBUG_BATCHES.property(), before);
      }
    }
  }

  @Test
  void everyUseAfterTheCloseIsFoundAndSaysWhereThatWas() throws Exception {
    try (ChunkLoader loader = loader(true)) {
      Fakes.see(loader.next());
      Batch batch = loader.next();
      Tensor tensor = batch.tensor("screen");
      Map<String, Tensor> values = batch.values();
      MemorySegment data = tensor.data();
      ByteBuffer buffer = tensor.asByteBuffer();
      Batch again = batch.retain();
      batch.close();
      // one reference is left
      assertEquals(data.address(), again.tensor("screen").data().address());
      long first = data.get(ValueLayout.JAVA_LONG, 0);
      assertEquals(first, buffer.getLong(0));
      again.release();
      for (Executable use :
          List.<Executable>of(
              () -> batch.tensor("screen"),
              batch::values,
              batch::retain,
              () -> batch.chunkIndex(0),
              tensor::data,
              tensor::asByteBuffer,
              () -> values.get("responses").data())) {
        ClosedException e = assertThrows(ClosedException.class, use);
        String said = e.getMessage();
        assertTrue(said.startsWith("batch 1 of epoch 0 is closed: it was closed by thread "), said);
        assertTrue(said.contains(Thread.currentThread().getName()), said);
        assertTrue(said.contains(".everyUseAfterTheCloseIsFound"), said);
        assertTrue(
            List.of(e.getCause().getStackTrace()).stream()
                .anyMatch(f -> f.getMethodName().startsWith("everyUseAfterTheCloseIsFound")));
      }
      assertThrows(IllegalStateException.class, () -> data.get(ValueLayout.JAVA_LONG, 0));
      assertThrows(IllegalStateException.class, () -> buffer.getLong(0));
    }
  }

  @Test
  void batchesAreTheSameBesides() throws Exception {
    try (ChunkLoader plain = loader(false);
        ChunkLoader guarded = loader(true)) {
      for (int i = 0; i < 25; i++) {
        Batch one = plain.next();
        Batch other = guarded.next();
        if (one == null) {
          assertNull(other);
        } else {
          assertEquals(Fakes.see(one), Fakes.see(other));
        }
      }
      assertTrue(guarded.statistics().slots() <= plain.statistics().slots() + 1);
    }
  }

  @Test
  void withoutItTheMessageSaysHowToFindOut() throws Exception {
    try (ChunkLoader loader = loader(false)) {
      Batch batch = loader.next();
      MemorySegment data = batch.tensor("screen").data();
      batch.close();
      ClosedException e = assertThrows(ClosedException.class, batch::values);
      assertEquals(
          "batch 0 of epoch 0 is closed: -Dsyncline.debug.batches=true finds out where it was closed",
          e.getMessage());
      assertNull(e.getCause());
      assertTrue(data.scope().isAlive());
    }
  }
}
