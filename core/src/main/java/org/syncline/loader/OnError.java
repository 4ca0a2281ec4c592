/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import org.syncline.config.schema.Choice;

/** What becomes of chunks that need a damaged file. */
enum OnError {
  ERROR("error", "Their batch is an error that names file and chunk; the others come as ever."),
  SKIP(
      "skip",
      "They are left out, and batches are filled from the chunks that follow; one warning a file says how many. Files"
          + " are looked at when the loader opens.");

  private final String text;
  private final String description;

  OnError(String text, String description) {
    this.text = text;
    this.description = description;
  }

  /** Returns the name by which C and Python know it. */
  String text() {
    return text;
  }

  static Choice[] choices() {
    OnError[] all = values();
    Choice[] choices = new Choice[all.length];
    for (int i = 0; i < all.length; i++) {
      choices[i] = new Choice(all[i], all[i].text, all[i].description);
    }
    return choices;
  }
}
