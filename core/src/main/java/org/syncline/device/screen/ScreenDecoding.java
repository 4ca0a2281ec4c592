/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.syncline.config.InterpolationConfig;
import org.syncline.decode.DecodingException;
import org.syncline.decode.EncodedTypes;
import org.syncline.decode.FrameStore;
import org.syncline.decode.Stimulus;
import org.syncline.device.MetaFile;
import org.syncline.device.trials.TrialIndex;
import org.syncline.error.RecordingException;
import org.syncline.format.DeviceFolders;
import org.syncline.format.Fields;

/** The encoded files of a screen, to be decoded before they are needed. For one thread. */
public final class ScreenDecoding implements AutoCloseable {
  private final Path folder;
  private final FrameStore store;
  private final List<Stimulus> stimuli = new ArrayList<>();

  /** What is wrong with the metadata of single trials. */
  private final List<RecordingException> faults = new ArrayList<>();

  private ScreenDecoding(Path folder, TrialIndex trials) {
    this.folder = folder;
    store = new FrameStore(trials.data());
    InterpolationConfig rescaled = InterpolationConfig.builder().rescale(true).build();
    int channels = ScreenSize.of(folder, trials, rescaled).frame().channels();
    Set<String> seen = new HashSet<>();
    for (int t = 0; t < trials.size(); t++) {
      try {
        Path file = trials.hasFile(t) ? trials.file(t) : null;
        if (file != null && EncodedTypes.isEncoded(file)) {
          Stimulus stimulus = TrialFiles.stimulus(trials, t, file, channels);
          if (seen.add(
              file + " " + stimulus.frames() + " " + stimulus.height() + " " + stimulus.width())) {
            stimuli.add(stimulus);
          }
        }
      } catch (RecordingException e) {
        faults.add(e);
      }
    }
  }

  /**
   * Returns the screens of a recording that have encoded files, in order of their names.
   *
   * @throws RecordingException where the recording or a screen's metadata cannot be read
   */
  public static List<ScreenDecoding> of(Path recording) {
    List<Path> folders;
    try {
      folders = DeviceFolders.of(recording);
    } catch (IOException e) {
      throw Fields.unreadable(recording, e);
    }
    List<ScreenDecoding> screens = new ArrayList<>();
    for (Path folder : folders) {
      MetaFile file = MetaFile.read(folder);
      if (!file.has("modality") || !file.text("modality").equals(ScreenModality.NAME)) {
        continue;
      }
      TrialIndex trials = TrialIndex.open(folder, ScreenModality.meta(file).useStimuliNames());
      if (trials.anyEncoded()) {
        screens.add(new ScreenDecoding(folder, trials));
      }
    }
    return screens;
  }

  /** Returns the screen's folder. */
  public Path folder() {
    return folder;
  }

  /** Returns the number of encoded files. */
  public int count() {
    return stimuli.size() + faults.size();
  }

  /** Returns how many files there are of each extension, in lower case. */
  public Map<String, Integer> extensions() {
    Map<String, Integer> counts = new TreeMap<>();
    for (Stimulus stimulus : stimuli) {
      counts.merge(EncodedTypes.of(stimulus.file().getFileName().toString()), 1, Integer::sum);
    }
    return counts;
  }

  /** Returns the bytes of all frames. */
  public long bytes() {
    return stimuli.stream().mapToLong(Stimulus::bytes).sum();
  }

  /** Returns how many files are decoded already. */
  public long decoded() {
    return stimuli.stream().filter(stimulus -> store.has(stimulus, false)).count();
  }

  /**
   * Returns the folder of the decoded frames.
   *
   * @throws DecodingException where the cache is off
   */
  public Path frames() {
    return store.folder();
  }

  /**
   * Decodes all files that are not decoded yet, and compares frames that are with their checksums.
   *
   * @param threads how many files at a time
   * @param progress gets the number of files that are done, from several threads
   * @return what is wrong with files that cannot be decoded
   * @throws DecodingException where there is no program, no room or no cache
   */
  public List<RecordingException> run(int threads, IntConsumer progress) {
    List<RecordingException> found = new ArrayList<>(faults);
    DecodingException failure = null;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (Stimulus stimulus : stimuli) {
        all.add(pool.submit(() -> store.verified(stimulus)));
      }
      int done = faults.size();
      for (Future<?> one : all) {
        try {
          one.get();
        } catch (ExecutionException e) {
          switch (e.getCause()) {
            case RecordingException fault -> found.add(fault);
            // what lies outside of the files ends all
            case DecodingException outside -> {
              failure = failure == null ? outside : failure;
              store.cancel();
              pool.shutdownNow();
            }
            default -> {
              if (failure == null) {
                throw new IllegalStateException(e.getCause());
              }
            }
          }
        } catch (InterruptedException e) {
          store.cancel();
          pool.shutdownNow();
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted", e);
        }
        if (failure != null) {
          throw failure;
        }
        progress.accept(++done);
      }
    }
    return found;
  }

  @Override
  public void close() {
    store.close();
  }
}
