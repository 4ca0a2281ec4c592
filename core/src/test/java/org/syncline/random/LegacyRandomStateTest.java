/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.testdata.Goldens;
import org.syncline.testdata.Json;

class LegacyRandomStateTest {
  @Test
  void equalsTheGoldens(@TempDir Path folder) {
    List<Map<String, Object>> calls = Goldens.unpack("random-state", folder).calls();
    assertEquals(6, calls.size());
    for (Map<String, Object> call : calls) {
      LegacyRandomState random = new LegacyRandomState((Long) call.get("seed"));
      for (long word : Json.longs(call.get("randint_uint32"))) {
        assertEquals(word, Integer.toUnsignedLong(random.nextUint32()));
      }
      assertArrayEquals(
          Json.longs(call.get("permutation11")),
          Arrays.stream(random.permutation(11)).asLongStream().toArray());
      double[] steps = IntStream.range(0, 37).mapToDouble(i -> i * 0.5).toArray();
      double[] chosen = random.choice(steps, 9);
      Arrays.sort(chosen);
      assertArrayEquals(Json.doubles(call.get("sorted_choice9_of_half_steps37")), chosen);
      int[] list = IntStream.range(0, 13).toArray();
      random.shuffle(list);
      assertArrayEquals(
          Json.longs(call.get("shuffled_list13")), Arrays.stream(list).asLongStream().toArray());
      Map<String, Object> state = Json.object(call.get("state"));
      LegacyRandomState.State s = random.state();
      assertArrayEquals(
          Json.longs(state.get("key")),
          Arrays.stream(s.key()).mapToLong(Integer::toUnsignedLong).toArray());
      assertEquals(((Number) state.get("pos")).intValue(), s.position());
      assertEquals(0, s.hasGauss());
    }
  }

  /**
   * Drawn with NumPy 2.4 from one generator a line: seed; 3 uint32; permutation(5); random_sample;
   * choice(1000, 4); a shuffled list of 9; permutation(100000): first, middle, last, sum of i *
   * p[i]; random_sample; then key[0], key[623] and pos of its state.
   */
  private static final String[] NUMPY = {
    "0 2357136044 2546248239 3071714933 4 2 1 3 0 0x1.4ab2a21899b5bp-1 722 311 85 436 5 7 2 1 6 0 4 3 8 69318 20727 96605 249843393567250 0x1.38b500141b3bcp-1 2200988890 2527894741 490",
    "1 1791095845 4282876139 3093770124 4 2 1 3 0 0x1.ff823d096472dp-1 986 923 293 555 4 0 6 1 3 5 8 2 7 10716 55105 31723 250177026227248 0x1.96418e3be0fbap-1 1107351436 2255411170 308",
    "7 327741615 976413892 3349725721 2 1 0 4 3 0x1.13b5bb10e3428p-1 113 795 817 510 0 2 3 1 6 7 4 8 5 40546 37622 66836 250281090722094 0x1.3f801cb36d63cp-3 171233303 543205498 102",
    "20 2526002531 3811404250 3855651087 3 0 1 2 4 0x1.2601ea8fb95c0p-5 759 799 391 376 6 0 8 4 1 2 7 5 3 918 95514 44463 249690719303161 0x1.03a7955c6ddd8p-1 3985251219 349416256 2",
    "2147483648 652847386 1439962116 3524204305 2 0 4 1 3 0x1.9932762bcbd40p-2 342 577 163 619 1 7 3 5 0 2 8 4 6 86294 94468 12090 249976181915584 0x1.fc2a25ce4aeb0p-3 1874543545 3512949621 40",
    "4294967295 419326371 479346978 3918654476 1 3 2 0 4 0x1.25ec7244bbf80p-6 222 28 513 415 8 1 2 7 0 4 6 5 3 69672 3726 85066 250267360445816 0x1.38a97aab5c83cp-1 591541433 538128992 116",
    "123456789 2288500408 4254805660 2294099250 3 0 4 2 1 0x1.14b61841caaecp-3 667 303 903 533 7 5 4 6 0 3 8 1 2 64094 72989 6439 249944606590403 0x1.a9c247007e333p-1 1405009002 368702992 518",
  };

  @Test
  void equalsNumPy() {
    for (String line : NUMPY) {
      String[] f = line.split(" ");
      int k = 0;
      LegacyRandomState random = new LegacyRandomState(Long.parseLong(f[k++]));
      for (int i = 0; i < 3; i++) {
        assertEquals(f[k++], Integer.toUnsignedString(random.nextUint32()));
      }
      for (int v : random.permutation(5)) {
        assertEquals(f[k++], Integer.toString(v));
      }
      assertEquals(Double.parseDouble(f[k++]), random.randomSample());
      for (int v : random.choice(1000, 4)) {
        assertEquals(f[k++], Integer.toString(v));
      }
      int[] list = IntStream.range(0, 9).toArray();
      random.shuffle(list);
      for (int v : list) {
        assertEquals(f[k++], Integer.toString(v));
      }
      int[] p = random.permutation(100_000);
      assertEquals(f[k++], Integer.toString(p[0]));
      assertEquals(f[k++], Integer.toString(p[50_000]));
      assertEquals(f[k++], Integer.toString(p[99_999]));
      long sum = 0;
      for (int i = 0; i < p.length; i++) {
        sum += (long) i * p[i];
      }
      assertEquals(f[k++], Long.toString(sum));
      assertEquals(Double.parseDouble(f[k++]), random.randomSample());
      assertEquals(f[k++], Integer.toUnsignedString(random.state().key()[0]));
      assertEquals(f[k++], Integer.toUnsignedString(random.state().key()[623]));
      assertEquals(f[k++], Integer.toString(random.state().position()));
      assertEquals(f.length, k);
    }
  }

  @Test
  void goesOnFromAState() {
    LegacyRandomState random = new LegacyRandomState(9);
    random.permutation(700);
    LegacyRandomState.State state = random.state();
    int[] next = random.permutation(700);
    assertArrayEquals(next, new LegacyRandomState(state).permutation(700));
    random.setState(new LegacyRandomState.State(state.key(), state.position(), 1, 0.25));
    assertEquals(1, random.state().hasGauss());
    assertEquals(0.25, random.state().cachedGaussian());
    assertArrayEquals(next, random.permutation(700));
  }

  @Test
  void stateIsACopy() {
    LegacyRandomState random = new LegacyRandomState(9);
    LegacyRandomState same = new LegacyRandomState(9);
    Arrays.fill(random.state().key(), 0);
    assertEquals(same.nextUint32(), random.nextUint32());
  }

  @Test
  void unseededOnesDiffer() {
    assertNotEquals(
        Arrays.toString(new LegacyRandomState().permutation(50)),
        Arrays.toString(new LegacyRandomState().permutation(50)));
  }

  @Test
  void refusesWhatNumPyRefuses() {
    assertThrows(IllegalArgumentException.class, () -> new LegacyRandomState(-1));
    assertThrows(IllegalArgumentException.class, () -> new LegacyRandomState(1L << 32));
    LegacyRandomState random = new LegacyRandomState(1);
    assertThrows(IllegalArgumentException.class, () -> random.choice(3, 4));
    assertThrows(IllegalArgumentException.class, () -> random.choice(3, -1));
    assertThrows(IllegalArgumentException.class, () -> random.permutation(-1));
    assertThrows(
        IllegalArgumentException.class, () -> new LegacyRandomState.State(new int[623], 0, 0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new LegacyRandomState.State(new int[624], 625, 0, 0));
    assertEquals(0, random.choice(0, 0).length);
  }
}
