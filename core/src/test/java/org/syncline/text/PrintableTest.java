/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.SplittableRandom;
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

  @Test
  void messagesHaveLargeNumbersInDigitsAndQuotesAsTheyAre() {
    assertEquals(
        "1600000000 to 1600000030.7666667 s, -12345678.5; '1.6E9' 1.0E99 E7 v1.5E8x \"1.6E9\"",
        Printable.message(
            "1.6E9 to 1.6000000307666667E9 s, -1.23456785E7; '1.6E9' 1.0E99 E7 v1.5E8x \"1.6E9\""));
    RecordingException e =
        RecordingException.of(Path.of("a"), "times", "1.6E9 to 1.7E9", "below 1.0E7", null);
    assertEquals(
        "a: times: found 1600000000 to 1700000000, expected below 10000000", e.getMessage());
    assertEquals("1600000000 to 1700000000", e.found());
  }

  @Test
  void numbersAreDigitsAlone() {
    assertEquals("1600000000.37", Printable.digits(1.60000000037E9));
    assertEquals("-0.00010", Printable.digits(-1.0E-4));
    assertEquals("12.5", Printable.digits(12.5));
    assertEquals("NaN", Printable.digits(Double.NaN));
    assertEquals("-Infinity", Printable.digits(Double.NEGATIVE_INFINITY));
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2_000; i++) {
      double x = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(x)) {
        assertEquals(
            new BigDecimal(Double.toString(x)).toPlainString(),
            Printable.digits(x),
            x + ", seed " + seed);
      }
    }
  }
}
