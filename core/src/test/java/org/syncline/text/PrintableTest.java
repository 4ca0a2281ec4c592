/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.syncline.error.ConfigException;
import org.syncline.error.RecordingException;

class PrintableTest {
  @Test
  void controlCharactersBecomeEscapes() {
    assertEquals("a\\u001b[2Jb", Printable.value("a\u001b[2Jb"));
    assertEquals("a\\u000ab\\u202ec", Printable.value("a\nb\u202ec"));
    assertEquals("a\nb\\u0007", Printable.message("a\nb\u0007"));
    String plain = "trial \u00e4\u4e2d\ud83d\ude00 is fine";
    assertSame(plain, Printable.message(plain));
  }

  @Test
  void longTextsLoseTheirMiddle() {
    String text = "begin" + "x".repeat(50_000) + "end";
    for (String cut : new String[] {Printable.message(text), Printable.value(text)}) {
      assertTrue(cut.startsWith("begin") && cut.endsWith("end"), cut);
      assertTrue(cut.length() < Printable.MESSAGE + 100);
    }
  }

  @Test
  void exceptionsSayFilesWithoutObeyingThem() {
    RecordingException e =
        RecordingException.of(
            Path.of("meta.yml"), "modality", "\u001b]0;" + "y".repeat(50_000), "a name", "mend it");
    assertFalse(e.getMessage().contains("\u001b"));
    assertTrue(e.getMessage().length() < 2_000, e.getMessage());
    assertTrue(e.getMessage().endsWith("expected a name; mend it"), e.getMessage());
    assertFalse(new ConfigException("c", 1, "k\u0007", "x").getMessage().contains("\u0007"));
  }
}
