/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** Holds the decoder against the JDK's, over whole and damaged streams. */
class ZlibDecoderTest {
  private final Random random = new Random(20261129);
  private final ZlibDecoder decoder = new ZlibDecoder();

  private byte[] data(int length, int kind) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] =
          (byte)
              switch (kind) {
                case 0 -> 0;
                case 1 -> random.nextInt(256);
                case 2 -> random.nextInt(4);
                case 3 -> (int) (random.nextGaussian() * 10);
                case 4 -> i > 20 && random.nextInt(10) > 0 ? data[i - 1 - random.nextInt(20)] : i;
                default -> i / 7 % 50;
              };
    }
    return data;
  }

  private byte[] stream(byte[] data) {
    Deflater deflater = new Deflater(random.nextInt(10));
    deflater.setStrategy(random.nextInt(3));
    deflater.setInput(data);
    deflater.finish();
    byte[] packed = new byte[2 * data.length + 200];
    int length = 0;
    while (!deflater.finished()) {
      length += deflater.deflate(packed, length, packed.length - length);
    }
    deflater.end();
    return Arrays.copyOf(packed, length);
  }

  /** Decodes with anything behind the stream. */
  private byte[] decode(byte[] stream, int room) {
    byte[] in = Arrays.copyOf(stream, stream.length + ZlibDecoder.PADDING);
    for (int i = stream.length; i < in.length; i++) {
      in[i] = (byte) random.nextInt();
    }
    byte[] out = new byte[room + ZlibDecoder.PADDING];
    int length = decoder.decode(in, stream.length, out, room);
    assertTrue(length <= room);
    return length < 0 ? null : Arrays.copyOf(out, length);
  }

  @Test
  void wholeStreamsComeBack() {
    for (int round = 0; round < 3000; round++) {
      byte[] data = data(random.nextInt(round < 2500 ? 300 : 70_000), random.nextInt(6));
      byte[] stream = stream(data);
      assertArrayEquals(data, decode(stream, data.length));
      if (data.length > 0) {
        assertEquals(null, decode(stream, data.length - 1), "more than there is room for");
      }
    }
  }

  @Test
  void whatIsTakenOfADamagedStreamIsWhatTheJdkTakes() throws DataFormatException {
    for (int round = 0; round < 3000; round++) {
      byte[] data = data(1 + random.nextInt(500), random.nextInt(6));
      byte[] stream = stream(data);
      if (random.nextBoolean()) {
        stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
      } else {
        stream = Arrays.copyOf(stream, random.nextInt(stream.length));
      }
      byte[] found = decode(stream, data.length);
      if (found != null) {
        Inflater inflater = new Inflater();
        inflater.setInput(stream);
        byte[] expected = new byte[data.length + 1];
        int length = inflater.inflate(expected);
        assertTrue(inflater.finished());
        assertArrayEquals(Arrays.copyOf(expected, length), found);
        inflater.end();
      }
    }
  }
}
