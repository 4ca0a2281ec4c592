/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("any-width")
class TensorTest {
  @Test
  void aBufferShowsTheSameMemoryAsLongAsItLives() {
    ByteBuffer buffer;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1, 2, 3, 4, 5, 6);
      Tensor tensor = new Tensor(ElementType.FLOAT32, new long[] {2, 3}, data);
      buffer = tensor.asByteBuffer();
      assertTrue(buffer.isDirect());
      assertEquals(ByteOrder.nativeOrder(), buffer.order());
      assertEquals(0, buffer.position());
      assertEquals(24, buffer.limit());
      assertEquals(data.address(), MemorySegment.ofBuffer(buffer).address());
      assertEquals(6f, buffer.asFloatBuffer().get(5));
      buffer.putFloat(20, 7f);
      assertEquals(7f, data.getAtIndex(ValueLayout.JAVA_FLOAT, 5));
      buffer.position(8);
      assertNotSame(buffer, tensor.asByteBuffer());
      assertEquals(0, tensor.asByteBuffer().position());
    }
    assertThrows(IllegalStateException.class, () -> buffer.getFloat(0));
  }

  @Test
  void readOnlyMemoryGivesReadOnlyBuffers() {
    MemorySegment data = Arena.ofAuto().allocate(8).asReadOnly();
    assertTrue(new Tensor(ElementType.FLOAT64, new long[0], data).asByteBuffer().isReadOnly());
    MemorySegment other = Arena.ofAuto().allocate(8);
    assertFalse(new Tensor(ElementType.FLOAT64, new long[0], other).asByteBuffer().isReadOnly());
  }

  @Test
  @SuppressWarnings("restricted")
  void moreThanABufferHasIsRefusedWithARemedy() {
    long most = Integer.MAX_VALUE - 8;
    // never touched, so that it may be anywhere
    MemorySegment nowhere = MemorySegment.ofAddress(1 << 20).reinterpret(most + 1);
    Tensor tensor = new Tensor(ElementType.UINT8, new long[] {most + 1}, nowhere);
    UnsupportedOperationException e =
        assertThrows(UnsupportedOperationException.class, tensor::asByteBuffer);
    assertEquals(
        "uint8 [2147483640] has 2147483640 bytes, and a buffer at most 2147483639: take data(), or"
            + " buffers of its slices,"
            + " data().asSlice(offset, bytes).asByteBuffer().order(ByteOrder.nativeOrder())",
        e.getMessage());
    Tensor fits = new Tensor(ElementType.UINT8, new long[] {most}, nowhere.asSlice(0, most));
    assertEquals(most, fits.asByteBuffer().limit());
  }
}
