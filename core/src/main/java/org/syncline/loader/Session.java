/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.syncline.ReadOptions;

/**
 * One recording of a loader: what is known without having it open. Source, users and lastUse belong
 * to the pool's lock.
 */
final class Session {
  /** Opens a recording. */
  interface Opener {
    ChunkSource open();
  }

  int place;
  final String key;
  final String root;
  final int length;
  final int[] subset;
  final int fullLength;
  final int stride;
  final Long seed;
  final String fingerprint;
  final String sourceFingerprint;
  final Map<String, String> identity;
  final List<String> devices;
  final ReadOptions options;
  final BatchLayout layout;
  final double[] ownStarts;
  final Opener opener;

  ChunkSource source;
  int users;
  long lastUse;

  Session(
      ChunkSource source,
      int fullLength,
      boolean withIdentity,
      ReadOptions options,
      BatchLayout layout,
      int[] subset,
      Opener opener) {
    this.key = source.key();
    this.root = source.root() == null ? null : source.root().toString();
    this.length = subset == null ? source.length() : subset.length;
    this.subset = subset;
    this.fullLength = fullLength;
    this.stride = Math.max(1, source.stride());
    this.seed = source.seed();
    this.sourceFingerprint = source.fingerprint();
    String list =
        subset == null
            ? ""
            : subset.length + " chunks, hash " + Integer.toHexString(Arrays.hashCode(subset));
    this.fingerprint = subset == null ? sourceFingerprint : sourceFingerprint + " of " + list;
    Map<String, String> all = withIdentity ? new HashMap<>(source.identity()) : new HashMap<>();
    if (subset != null) {
      all.put("indices", list);
    }
    this.identity = Map.copyOf(all);
    this.devices = List.copyOf(source.devices());
    this.options = options;
    this.layout = layout;
    this.ownStarts = source.ownStarts();
    this.opener = opener;
    this.source = source;
  }
}
