/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** The decoder of gzip chunks beside the one of the JDK, whose word counts. */
class InflateTest {
  private final Inflate inflate = new Inflate();

  /** Returns contents that need all kinds of blocks, codes and distances. */
  private static List<byte[]> contents(RandomGenerator random) {
    List<byte[]> all = new ArrayList<>();
    for (int size : new int[] {0, 1, 2, 7, 8, 9, 255, 258, 259, 4096, 70_000}) {
      all.add(new byte[size]);
      byte[] noise = new byte[size];
      random.nextBytes(noise);
      all.add(noise);
    }
    for (int period = 1; period < 12; period++) {
      byte[] repeated = new byte[3000 + period];
      for (int i = 0; i < repeated.length; i++) {
        repeated[i] = (byte) (i % period * 37);
      }
      all.add(repeated);
    }
    // rare symbols have the longest codes, of which there are too many for the first table
    byte[] skewed = new byte[200_000];
    for (int i = 0; i < skewed.length; i++) {
      skewed[i] = (byte) (Math.min(255, -Math.log(random.nextDouble()) * 12));
    }
    all.add(skewed);
    byte[] far = new byte[120_000];
    random.nextBytes(far);
    for (int i = 40_000; i < far.length; i += 7) {
      int length = Math.min(3 + random.nextInt(300), far.length - i);
      int back = 1 + random.nextInt(32_000);
      for (int k = 0; k < length; k++) {
        far[i + k] = far[i + k - back];
      }
      i += length;
    }
    all.add(far);
    // planes of floats, as shuffle makes them
    byte[] planes = new byte[80_000];
    for (int i = 0; i < planes.length / 4; i++) {
      int bits = Float.floatToRawIntBits(Math.round(100 + 20 * random.nextGaussian()));
      for (int plane = 0; plane < 4; plane++) {
        planes[plane * (planes.length / 4) + i] = (byte) (bits >>> 8 * plane);
      }
    }
    all.add(planes);
    return all;
  }

  private static byte[] deflated(byte[] content, int level, int strategy) {
    try (Deflater deflater = new Deflater(level)) {
      deflater.setStrategy(strategy);
      deflater.setInput(content);
      deflater.finish();
      byte[] out = new byte[content.length + content.length / 100 + 100];
      int n = 0;
      while (!deflater.finished()) {
        n += deflater.deflate(out, n, out.length - n);
      }
      return Arrays.copyOf(out, n);
    }
  }

  /** Returns what the decoder makes of a stream; null where it gives no answer. */
  private byte[] decoded(byte[] stream, int room) {
    byte[] in = Arrays.copyOf(stream, stream.length + Inflate.SLACK);
    // what lies behind must not matter
    Arrays.fill(in, stream.length, in.length, (byte) 0x5a);
    byte[] out = new byte[room + Inflate.SLACK];
    int n = inflate.run(in, stream.length, out, room);
    return n < 0 ? null : Arrays.copyOf(out, n);
  }

  @Test
  void streamsOfTheJdkAreDecoded() {
    List<byte[]> contents = contents(new Random(1));
    for (byte[] content : contents) {
      for (int level : new int[] {0, 1, 4, 9}) {
        for (int strategy :
            new int[] {Deflater.DEFAULT_STRATEGY, Deflater.FILTERED, Deflater.HUFFMAN_ONLY}) {
          byte[] stream = deflated(content, level, strategy);
          assertArrayEquals(
              content,
              decoded(stream, content.length),
              content.length + " bytes, level " + level + ", strategy " + strategy);
        }
      }
    }
  }

  @Test
  void streamsThatAreLongerThanTheRoomGiveNoAnswer() {
    byte[] content = contents(new Random(2)).getLast();
    byte[] stream = deflated(content, 6, Deflater.DEFAULT_STRATEGY);
    for (int less : new int[] {1, 2, 8, 300, content.length}) {
      assertEquals(null, decoded(stream, content.length - less));
    }
    assertArrayEquals(content, decoded(stream, content.length + 1000));
  }

  /** What is damaged gives no answer, or the JDK's. */
  @Test
  void damagedStreamsGiveNoAnswerOrTheRightOne() {
    Random random = new Random(3);
    int refused = 0;
    int tried = 0;
    for (byte[] content : contents(random)) {
      if (content.length > 80_000) {
        continue;
      }
      byte[] stream = deflated(content, 1 + random.nextInt(9), random.nextInt(3));
      for (int i = 0; i < 60; i++) {
        byte[] damaged =
            i % 6 == 0 ? Arrays.copyOf(stream, random.nextInt(stream.length)) : stream.clone();
        for (int k = i % 3; k >= 0 && damaged.length > 0 && i % 6 != 0; k--) {
          // the head says how blocks are coded, where damage does most
          int at = random.nextInt(i % 2 == 0 ? Math.min(damaged.length, 80) : damaged.length);
          damaged[at] ^= (byte) (1 << random.nextInt(8));
        }
        byte[] found = decoded(damaged, content.length);
        tried++;
        if (found == null) {
          refused++;
        } else {
          assertArrayEquals(ofJdk(damaged, content.length), found);
        }
      }
    }
    assertTrue(refused > tried / 2, refused + " of " + tried);
  }

  private static byte[] ofJdk(byte[] stream, int room) {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(stream);
      byte[] out = new byte[room];
      int n = inflater.inflate(out);
      return inflater.finished() || n == room ? Arrays.copyOf(out, n) : null;
    } catch (DataFormatException e) {
      return null;
    }
  }
}
