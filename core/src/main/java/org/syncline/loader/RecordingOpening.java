/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.syncline.ReadOptions;
import org.syncline.array.ElementType;
import org.syncline.error.ConfigException;
import org.syncline.error.SynclineException;

/**
 * Opens the recordings of a loader, several at a time, and checks that they go together. The result
 * does not depend on which is open first.
 *
 * <p>Used once, by one thread, which waits for the others that it starts; each of these writes the
 * places of the recordings that it opens alone.
 */
final class RecordingOpening {
  private static final System.Logger LOG = System.getLogger("org.syncline");

  private final LoaderOptions options;
  private final List<RecordingSpec> specs;

  /** Whether the states of the loader say what each fingerprint is made of. */
  private final boolean withIdentity;

  private final ChunkSource[] sources;
  private final Session[] opened;
  private final Throwable[] failures;

  /** Whether what failed is the recording, which may then be left out, by place. */
  private final boolean[] broken;

  /** Why recordings have no chunks, at the places of those that have none. */
  private final String[] whyNone;

  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger stay = new AtomicInteger();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final ArrayList<BatchLayout> layouts = new ArrayList<>();

  RecordingOpening(LoaderOptions options, List<RecordingSpec> specs, boolean withIdentity) {
    this.options = options;
    this.specs = specs;
    this.withIdentity = withIdentity;
    sources = new ChunkSource[specs.size()];
    opened = new Session[specs.size()];
    failures = new Throwable[specs.size()];
    broken = new boolean[specs.size()];
    whyNone = new String[specs.size()];
  }

  /**
   * Opens them all.
   *
   * @param sessions takes those that have chunks, in order; also where something fails, for the
   *     caller to close
   */
  void open(List<Session> sessions) {
    openSideBySide();
    Throwable first = null;
    String firstName = null;
    for (int i = 0; i < failures.length; i++) {
      Throwable t = failures[i];
      if (t == null) {
        continue;
      }
      RecordingSpec spec = specs.get(i);
      if (sources[i] != null && opened[i] == null && spec.opener() != null) {
        sources[i].close();
      }
      if (broken[i]) {
        LOG.log(
            System.Logger.Level.WARNING,
            "loader: recording " + spec.name() + " is left out: " + t.getMessage());
      } else if (first == null) {
        first = t;
        firstName = spec.name();
      }
    }
    String twice = collect(sessions, first == null);
    if (first != null) {
      throw failure(firstName, first);
    }
    if (twice != null && !options.fed) { // a fed loader's order does not depend on names
      throw new ConfigException("loader", 0, "recordings", twice);
    }
    if (sessions.isEmpty()) {
      throw new ConfigException("loader", 0, "recordings", "found no chunks in " + emptiness());
    }
    checkNames(sessions);
    if (!options.fed) { // what is read together there, the program decides
      compareCategories(sessions);
    }
  }

  /** Warns where the codes of an entry stand for other texts in one recording than in another. */
  private static void compareCategories(List<Session> sessions) {
    Session first = sessions.getFirst();
    for (Session session : sessions) {
      if (!session.categories.equals(first.categories)) {
        LOG.log(
            System.Logger.Level.WARNING,
            "loader: codes of trial metadata mean something else in "
                + first.key
                + " "
                + first.categories
                + " than in "
                + session.key
                + " "
                + session.categories
                + "; list the texts in the configuration's categories to have the same in all");
        return;
      }
    }
  }

  private void openSideBySide() {
    List<Thread> helpers = new ArrayList<>();
    try {
      for (int t = 1; t < Math.min(options.threads, specs.size()); t++) {
        helpers.add(Thread.ofPlatform().daemon().name("syncline-open-" + t).start(this::openSome));
      }
    } catch (OutOfMemoryError _) {
      // no more threads: fewer open them
    }
    openSome();
    boolean interrupted = false;
    for (Thread t : helpers) {
      while (t.isAlive()) {
        try {
          t.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void openSome() {
    for (int i; !stop.get() && (i = next.getAndIncrement()) < specs.size(); ) {
      try {
        RecordingSpec spec = specs.get(i);
        sources[i] = spec.source() != null ? spec.source() : spec.opener().open();
        opened[i] = session(sources[i], spec.opener());
        if (length(opened[i]) == 0) {
          whyNone[i] =
              opened[i].subset != null && opened[i].subset.length == 0
                  ? "indices is empty"
                  : sources[i].explanation();
        }
        if (options.maxOpen > 0) {
          opened[i].identify();
        }
        if (spec.opener() != null
            && options.maxOpen > 0
            && stay.incrementAndGet() > options.maxOpen) {
          ChunkSource source = sources[i];
          opened[i].source = null;
          opened[i].closing();
          sources[i] = null; // a closed recording still has its lists in the heap
          source.close();
        }
      } catch (Throwable t) {
        failures[i] = t;
        broken[i] = mayBeSkipped(t);
        if (!broken[i]) {
          stop.set(true);
        }
      }
    }
  }

  /**
   * Whether a recording is left out that the calling thread cannot open; not where the thread was
   * interrupted, which says nothing of the recording.
   */
  private boolean mayBeSkipped(Throwable t) {
    return options.skipBroken
        && t instanceof SynclineException
        && !(t.getCause() instanceof ClosedByInterruptException)
        && !Thread.currentThread().isInterrupted();
  }

  /** Says why there are no chunks at all: of the first recordings, for the others are like them. */
  private String emptiness() {
    int shown = Math.min(3, specs.size());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      text.append(i == 0 ? "" : "; ").append(specs.get(i).name()).append(": ");
      text.append(broken[i] ? LoaderException.text(failures[i]) : whyNone[i]);
    }
    if (specs.size() > shown) {
      text.append("; nor in ").append(specs.size() - shown).append(" more recordings");
    }
    return text.toString();
  }

  /** Hands out the sessions that have chunks; returns what is wrong with their names, or null. */
  private String collect(List<Session> sessions, boolean complete) {
    String twice = null;
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < opened.length; i++) {
      Session s = opened[i];
      if (s == null) {
        continue;
      }
      if (complete && length(s) == 0) {
        LOG.log(
            System.Logger.Level.WARNING,
            "loader: recording " + s.key + " has no chunks and is left out: " + whyNone[i]);
        if (s.source != null) {
          s.source.close();
        }
        continue;
      }
      if (complete && Order.batches(length(s), options.batchSize, options.dropLast) == 0) {
        LOG.log(
            System.Logger.Level.WARNING,
            "loader: recording "
                + s.key
                + " gives no batch: "
                + options.name(LoaderOption.DROP_LAST)
                + " leaves out its "
                + length(s)
                + " chunks, fewer than the "
                + options.batchSize
                + " of "
                + options.name(LoaderOption.BATCH_SIZE));
      }
      s.place = sessions.size();
      sessions.add(s);
      String other = names.put(s.key, specs.get(i).name());
      if (other != null && complete && twice == null) {
        twice =
            "found two named "
                + s.key
                + ", "
                + other
                + " and "
                + specs.get(i).name()
                + ", expected different data keys; give the meta.json of one another data_key";
      }
    }
    return twice;
  }

  /** Returns the chunks of a session in every epoch. */
  int length(Session session) {
    return options.shuffleEachEpoch ? EpochStarts.length(session) : session.length;
  }

  /** Returns how often the sessions come, or null where nobody says. */
  Weights weights(List<Session> sessions, int[] lengths) {
    if (options.weights == null) {
      return null;
    }
    double[] values = new double[lengths.length];
    int[] batches = new int[lengths.length];
    for (int i = 0; i < opened.length; i++) {
      // recordings that were left out take their weights along
      Session s = opened[i];
      if (s != null && s.place < lengths.length && sessions.get(s.place).equals(s)) {
        values[s.place] = options.weights[i];
        batches[s.place] = Order.batches(lengths[s.place], options.batchSize, options.dropLast);
      }
    }
    return Weights.of(values, sessions, batches, options.name(LoaderOption.WEIGHTS));
  }

  private static RuntimeException failure(String name, Throwable t) {
    if (t instanceof Error e) {
      throw e;
    }
    // exceptions for the user name the file already, or an option of the loader
    String message = String.valueOf(t.getMessage());
    return t instanceof SynclineException e
            && (message.contains(name) || message.startsWith("loader: "))
        ? e
        : new LoaderException(
            "recording " + name + " cannot be opened: " + t.getMessage(), name, -1, null, t);
  }

  private Session session(ChunkSource source, Session.Opener opener) {
    Map<String, ElementType> own = new LinkedHashMap<>(options.types);
    options.asBytes.forEach(screen -> own.put(screen, ElementType.UINT8));
    own.keySet().retainAll(source.devices());
    ReadOptions read = ReadOptions.builder().types(own).outKeys(options.outKeys).build();
    int full = options.shuffleEachEpoch ? source.allStarts().length : 0;
    BatchLayout layout = BatchLayout.intern(source.layout(read), options.batchSize, layouts);
    if (options.subset != null) {
      for (int index : options.subset) {
        if (index < 0 || index >= source.length()) {
          throw new ConfigException(
              "loader",
              0,
              "indices",
              "found "
                  + index
                  + ", expected 0 to "
                  + (source.length() - 1)
                  + ", the chunks of "
                  + source.key());
        }
      }
    }
    int[] leftOut =
        options.onError == OnError.SKIP
            ? Damage.find(source, read, listed(source, options))
            : new int[0];
    boolean compared = options.fed && specs.size() > 1; // else no batch is of several
    return new Session(
        source, full, withIdentity, compared, read, layout, options.subset, leftOut, opener);
  }

  /** Returns the start times of the chunks that an order is made of. */
  private static double[] listed(ChunkSource source, LoaderOptions options) {
    if (options.shuffleEachEpoch) {
      return source.allStarts();
    }
    double[] all = source.starts();
    return options.subset == null
        ? all
        : Arrays.stream(options.subset).mapToDouble(i -> all[i]).toArray();
  }

  private void checkNames(List<Session> sessions) {
    options.types.keySet().forEach(name -> checkName("types." + name, name, sessions));
    options.asBytes.forEach(name -> checkName("as_bytes." + name, name, sessions));
  }

  private static void checkName(String key, String name, List<Session> sessions) {
    if (sessions.stream().noneMatch(s -> s.devices.contains(name))) {
      throw new ConfigException(
          "loader", 0, key, "found no such device, expected one of " + sessions.getFirst().devices);
    }
  }
}
