/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import org.syncline.error.RecordingException;

/**
 * Something that the walk through a file came by.
 *
 * @param shape for people
 * @param mapper makes a device of it, or null where nothing can
 * @param onRequest it is mapped only where the user names it
 * @param reason why it is not mapped, or not without being named
 * @param faulty whether it should be mapped, and cannot
 */
record Found(
    H5Node node,
    String type,
    String shape,
    Mapper mapper,
    boolean onRequest,
    String reason,
    boolean faulty) {
  static Found mapped(H5Node node, String type, String shape, Mapper mapper) {
    return new Found(node, type, shape, mapper, false, null, false);
  }

  static Found asked(H5Node node, String type, String shape, Mapper mapper, String reason) {
    return new Found(node, type, shape, mapper, true, reason, false);
  }

  static Found left(H5Node node, String type, String reason) {
    return new Found(node, type, "", null, false, reason, false);
  }

  static Found faulty(H5Node node, String type, String reason) {
    return new Found(node, type, "", null, false, reason, true);
  }

  /** Returns what an exception says of something, without the names of the file and of itself. */
  static String reason(H5Node node, RecordingException e) {
    String key = e.key() == null ? "" : e.key();
    String inside =
        key.startsWith(node.path())
            ? key.substring(node.path().length()).replaceAll("^/", "")
            : key;
    return (inside.isEmpty() ? "" : inside + ": ")
        + "found "
        + e.found()
        + ", expected "
        + e.expected()
        + (e.advice() == null ? "" : "; " + e.advice());
  }

  boolean isMappable() {
    return mapper != null;
  }
}
