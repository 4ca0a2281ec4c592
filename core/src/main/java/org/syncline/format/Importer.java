/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.format;

import java.util.Map;

/**
 * Makes recordings of files of another format. Found by ServiceLoader, so that programs which pass
 * requests on, as the bridge does, know no format.
 */
public interface Importer {
  /** Returns the name of the format, in lower case. */
  String format();

  /**
   * Imports a file, or lists what is in it.
   *
   * @param request options by name; a missing or null one has its default
   * @return maps, lists, texts, numbers and booleans
   * @throws org.syncline.error.RecordingException where the file or the recording is wrong
   * @throws IllegalArgumentException for an option that is not known, or has a wrong value
   */
  Map<String, Object> run(Map<String, Object> request);
}
