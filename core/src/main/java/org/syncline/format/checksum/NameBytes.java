/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format.checksum;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.syncline.text.Printable;

/**
 * Names of files as the bytes that they are in a folder: a text of Java loses those that are none
 * of the locale's character set.
 */
final class NameBytes {
  private NameBytes() {}

  /** Returns the bytes of a relative path. */
  static byte[] of(Path relative) {
    String text = relative.toString();
    if (isPlain(text)) {
      return text.getBytes(StandardCharsets.ISO_8859_1);
    }
    // the one place in which Java says the bytes
    String raw = Path.of("/").resolve(relative).toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
    for (int i = 1; i < end; i++) {
      if (raw.charAt(i) == '%') {
        bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(raw.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7e) {
        return false;
      }
    }
    return true;
  }

  /** Returns the relative path of a name; null where the file system cannot have it. */
  static Path path(byte[] name) {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    try {
      if (isPlain(text)) {
        return Path.of(text);
      }
      StringBuilder uri = new StringBuilder("file:///");
      for (byte b : name) {
        boolean plain = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
        if (plain || b == '/') {
          uri.append((char) b);
        } else {
          uri.append(String.format("%%%02X", b & 0xFF));
        }
      }
      Path absolute = Path.of(URI.create(uri.toString()));
      return absolute.subpath(0, absolute.getNameCount());
    } catch (InvalidPathException _) {
      return null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /** Returns a name as messages show it. */
  static String shown(byte[] name) {
    return Printable.value(new String(name, StandardCharsets.UTF_8));
  }
}
