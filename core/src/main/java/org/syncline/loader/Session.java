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

  /**
   * Places in the list of chunks (or, where start times are drawn each epoch, of all start times)
   * that are left out since they need a damaged file, ascending.
   */
  final int[] leftOut;

  final int fullLength;
  final int stride;
  final Long seed;
  final List<String> devices;
  final ReadOptions options;
  final BatchLayout layout;

  /** The texts of each entry that holds codes of trial metadata. */
  final Map<String, List<String>> categories;

  /** What batches that mix recordings are compared by. */
  final Mixes.Traits traits;

  final double[] ownStarts;
  final Opener opener;

  private final boolean withIdentity;
  private ChunkSource unidentified;

  /** The source while its values may still be hashed; cleared by whoever closes it. */
  private volatile ChunkSource unhashed;

  private String sourceFingerprint;
  private String fingerprint;
  private Map<String, String> identity;
  private Map<String, String> storedValues = Map.of();

  ChunkSource source;
  int users;
  long lastUse;

  /**
   * Takes what it knows of a source that is open.
   *
   * @param compared whether batches may mix the recording with others, which says what they mix
   */
  Session(
      ChunkSource source,
      int fullLength,
      boolean withIdentity,
      boolean compared,
      ReadOptions options,
      BatchLayout layout,
      int[] subset,
      int[] leftOut,
      Opener opener) {
    this.key = source.key();
    this.root = source.root() == null ? null : source.root().toString();
    int listed = subset == null ? source.length() : subset.length;
    // drawn start times are counted by fullLength
    this.length = fullLength > 0 ? listed : listed - leftOut.length;
    this.subset = subset;
    this.leftOut = leftOut;
    this.fullLength = Math.max(0, fullLength - leftOut.length);
    this.stride = Math.max(1, source.stride());
    this.seed = source.seed();
    this.devices = List.copyOf(source.devices());
    this.options = options;
    this.layout = layout;
    this.categories = source.categories(options);
    this.traits = compared ? Mixes.Traits.of(source) : Mixes.Traits.NONE;
    this.ownStarts = source.ownStarts();
    this.opener = opener;
    this.source = source;
    this.withIdentity = withIdentity;
    unidentified = source;
    unhashed = source;
  }

  /**
   * Asks the source, which must still be open, what the recording is. A loader that closes its
   * recordings calls this before; else it is called with the first of the three methods below, for
   * in a process that has just started it takes as long as several batches.
   */
  synchronized void identify() {
    if (unidentified == null) {
      return;
    }
    String list =
        subset == null
            ? ""
            : subset.length + " chunks, hash " + Integer.toHexString(Arrays.hashCode(subset));
    if (leftOut.length > 0) {
      list +=
          " without " + leftOut.length + ", hash " + Integer.toHexString(Arrays.hashCode(leftOut));
    }
    String own = unidentified.fingerprint();
    Map<String, String> all =
        withIdentity ? new HashMap<>(unidentified.identity()) : new HashMap<>();
    if (!list.isEmpty()) {
      all.put("indices", list.strip());
    }
    sourceFingerprint = own;
    fingerprint = list.isEmpty() ? own : own + " of " + list.strip();
    identity = Map.copyOf(all);
    unidentified = null;
  }

  /** Returns the fingerprint of the recording's chunks. */
  synchronized String fingerprint() {
    identify();
    return fingerprint;
  }

  /** Returns the fingerprint of the recording. */
  synchronized String sourceFingerprint() {
    identify();
    return sourceFingerprint;
  }

  /**
   * Returns hashes of the recording's stored values; empty where it was closed before anybody
   * asked, for reading them costs as much as opening. One that is closed meanwhile has those of the
   * devices that were read before.
   */
  synchronized Map<String, String> storedValues() {
    ChunkSource asked = unhashed;
    if (asked != null) {
      storedValues = Map.copyOf(asked.storedValues());
      unhashed = null;
    }
    return storedValues;
  }

  /**
   * Notes that the source is about to be closed. Takes no lock: the pool calls it under its own,
   * which others that hold a session's monitor wait for.
   */
  void closing() {
    unhashed = null;
  }

  /** Returns what the fingerprint is made of; empty in a loader of many recordings. */
  synchronized Map<String, String> identity() {
    identify();
    return identity;
  }
}
