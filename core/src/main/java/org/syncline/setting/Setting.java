/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.setting;

import org.syncline.error.ConfigException;

/**
 * What is set outside of programs: each has a system property, and some an environment variable
 * that counts where the property is not set. Read anew at each call. A value that is none is
 * refused: who sets something should not believe that it holds when it does not. {@code
 * docs/environment.md} lists them for users.
 */
public enum Setting {
  /** {@code scalar} or {@code vector}. */
  KERNELS("syncline.kernels", null),
  /** 128, 256 or 512. */
  VECTOR_BITS("syncline.vector.bits", null),
  /** Whether kernels begin scalar and switch. */
  WARMUP("syncline.warmup", null),
  /** The folder of the cache, or {@code off}. */
  CACHE("syncline.cache", "SYNCLINE_CACHE"),
  /** {@code follow} or {@code refuse}. */
  LINKS("syncline.links", "SYNCLINE_LINKS"),
  /** {@code verify} or {@code off}. */
  CHECKSUMS("syncline.checksums", "SYNCLINE_CHECKSUMS"),
  /** The program that decodes videos. */
  FFMPEG("syncline.ffmpeg", "SYNCLINE_FFMPEG"),
  /** The most bytes of decoded frames. */
  DECODED("syncline.decoded", "SYNCLINE_DECODED"),
  /** Whether the memory of a batch ends with it. */
  DEBUG_BATCHES("syncline.debug.batches", null),
  /** How many files of trials stay mapped. */
  SCREEN_MAPS("syncline.screen.maps", null);

  private final String property;
  private final String variable;

  Setting(String property, String variable) {
    this.property = property;
    this.variable = variable;
  }

  /** Returns the name of the property. */
  public String property() {
    return property;
  }

  /** Returns the name of the environment variable, or null. */
  public String variable() {
    return variable;
  }

  /** Returns what it is set to, without blanks around it; null where nothing is said. */
  public String text() {
    String said = System.getProperty(property);
    if (said == null && variable != null) {
      said = System.getenv(variable);
    }
    return said == null || said.isBlank() ? null : said.strip();
  }

  /**
   * Returns whether it is on.
   *
   * @param standard what holds where nothing is said
   * @throws ConfigException where it is neither {@code true} nor {@code false}
   */
  public boolean isOn(boolean standard) {
    String said = text();
    if (said == null) {
      return standard;
    }
    if (said.equals("true") || said.equals("false")) {
      return said.equals("true");
    }
    throw wrong("true or false");
  }

  /**
   * Returns whether it is set to a word.
   *
   * @param otherwise the word that means the same as nothing
   * @throws ConfigException where it is another word
   */
  public boolean is(String word, String otherwise) {
    String said = text();
    if (said == null || said.equals(otherwise)) {
      return false;
    }
    if (said.equals(word)) {
      return true;
    }
    throw wrong(otherwise + " or " + word);
  }

  /**
   * Returns whether recordings are compared with their checksums when they are opened. Here, for
   * most processes need no more of checksums than that they do not want them.
   *
   * @throws ConfigException where the switch says neither {@code off} nor {@code verify}
   */
  public static boolean verifiesChecksums() {
    return CHECKSUMS.is("verify", "off");
  }

  /**
   * Returns a number.
   *
   * @param standard what holds where nothing is said
   * @throws ConfigException where it is no whole number from {@code least} on that an int holds
   */
  public int number(int standard, int least) {
    String said = text();
    if (said == null) {
      return standard;
    }
    try {
      int value = Integer.parseInt(said);
      if (value >= least) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw wrong("a whole number of " + least + " or more");
  }

  /** Returns the error of a value that is none, by the name under which it was set. */
  public ConfigException wrong(String expected) {
    return refused("found '" + text() + "', expected " + expected);
  }

  /** Returns the error of what it is set to, with a sentence of the caller's. */
  public ConfigException refused(String why) {
    boolean byProperty = System.getProperty(property) != null;
    return new ConfigException(
        byProperty ? "system property" : "environment", 0, byProperty ? property : variable, why);
  }
}
