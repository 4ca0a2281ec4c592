/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Sha256Test {
  @Test
  void digestsWhatTheJdkDigests() throws Exception {
    MessageDigest jdk = MessageDigest.getInstance("SHA-256");
    byte[] message = new byte[300];
    new Random(7).nextBytes(message);
    for (int n = 0; n <= message.length; n++) {
      byte[] part = Arrays.copyOf(message, n);
      assertArrayEquals(jdk.digest(part), Sha256.digest(part), n + " bytes");
    }
  }
}
