/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.syncline.random.LegacyRandomState;

/** Generators as states hold them: 624 words, position and cached gaussian in base64. */
final class GeneratorText {
  private static final int WORDS = 624;
  private static final int BYTES = WORDS * Integer.BYTES + 2 * Integer.BYTES + Double.BYTES;

  private GeneratorText() {}

  static String write(LegacyRandomState.State state) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int word : state.key()) {
      bytes.putInt(word);
    }
    bytes.putInt(state.position()).putInt(state.hasGauss()).putDouble(state.cachedGaussian());
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws org.syncline.error.ConfigException naming the key, where it is something else
   */
  static LegacyRandomState.State read(Object value, String at) {
    byte[] raw;
    try {
      raw = Base64.getDecoder().decode(String.valueOf(value));
    } catch (IllegalArgumentException e) {
      throw StateTree.problem(at, "is not base64");
    }
    if (raw.length != BYTES) {
      throw StateTree.problem(at, "found " + raw.length + " bytes, expected " + BYTES);
    }
    ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    int[] key = new int[WORDS];
    for (int i = 0; i < key.length; i++) {
      key[i] = bytes.getInt();
    }
    int position = bytes.getInt();
    if (position < 0 || position > WORDS) {
      throw StateTree.problem(at, "found position " + position + ", expected 0 to " + WORDS);
    }
    return new LegacyRandomState.State(key, position, bytes.getInt(), bytes.getDouble());
  }

  /** Reads a list of them. */
  static LegacyRandomState.State[] readAll(StateTree tree, String key) {
    List<Object> list = tree.list(key);
    LegacyRandomState.State[] states = new LegacyRandomState.State[list.size()];
    for (int i = 0; i < states.length; i++) {
      states[i] = read(list.get(i), tree.at(key) + "." + i);
    }
    return states;
  }
}
