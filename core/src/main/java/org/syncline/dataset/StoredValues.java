/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.dataset;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.syncline.device.Interpolator;
import org.syncline.device.support.Answers;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;

/** What states hold of the values that lie in a recording: a hash for each device. */
public final class StoredValues {
  /** The states' name of it. */
  public static final String KEY = "values";

  private static final String ADVICE =
      "; to go on with it all the same, leave " + KEY + " out of the state";

  private StoredValues() {}

  /**
   * Asks devices for the hashes of their values; one that cannot be read any more, or does not
   * know, has none.
   */
  public static Map<String, String> of(Collection<DatasetDevice> devices) {
    Map<String, String> hashes = new TreeMap<>();
    for (DatasetDevice device : devices) {
      Interpolator i = device.interpolator();
      try {
        String hash = Answers.given(i.valueHash(), i, "valueHash", "a text, empty for none");
        if (!hash.isEmpty()) {
          hashes.put(device.name(), hash);
        }
      } catch (RecordingException | ClosedException _) {
        // a state says where its reader stands, whatever has become of the files
      }
    }
    return hashes;
  }

  /**
   * Says which devices have other values in a state than here; those that either does not know are
   * not compared.
   *
   * @return empty where none has
   */
  public static String differences(Map<String, String> state, Map<String, String> here) {
    TreeMap<String, String> other = new TreeMap<>(state);
    other
        .entrySet()
        .removeIf(e -> Objects.equals(here.getOrDefault(e.getKey(), e.getValue()), e.getValue()));
    return other.isEmpty()
        ? ""
        : "the state is of other stored values of "
            + String.join(", ", other.keySet())
            + ": files of the recording were written anew, or it is another copy"
            + ADVICE;
  }
}
