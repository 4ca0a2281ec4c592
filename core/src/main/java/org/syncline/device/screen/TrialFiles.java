/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.device.screen;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.syncline.array.ElementType;
import org.syncline.decode.Ahead;
import org.syncline.decode.EncodedTypes;
import org.syncline.decode.FrameStore;
import org.syncline.decode.Stimulus;
import org.syncline.device.trials.TrialIndex;
import org.syncline.device.trials.TrialKind;
import org.syncline.error.RecordingException;
import org.syncline.file.Links;
import org.syncline.format.Fields;
import org.syncline.setting.Setting;
import org.syncline.storage.ArrayFiles;
import org.syncline.storage.DataArena;
import org.syncline.storage.FileWatch;
import org.syncline.storage.FrameArray;
import org.syncline.storage.FrameSize;
import org.syncline.storage.Npy;
import org.syncline.storage.NpyHeader;
import org.syncline.storage.ValueHash;
import org.syncline.transform.FrameShape;

/**
 * Opens the files of a screen's trials when they are first needed and keeps their maps until the
 * screen is closed, as long as the process has room for maps; later ones are mapped for the reading
 * at hand alone. No file stays open. Safe for use by several threads; a file that is mapped already
 * costs one volatile read. Encoded files are decoded when they are first needed.
 *
 * <p>System property {@code syncline.screen.maps}: how many maps of trial files the process keeps,
 * by default three quarters of the system's {@code vm.max_map_count}, and no more than one for each
 * 2 KiB of the largest heap.
 */
final class TrialFiles {
  /** Not in the class's initializer, whose errors nobody could read. */
  private static volatile int mostMaps = -1;

  /** Trials of a page of {@link #opened}: recordings have up to 21,000, of which few are read. */
  private static final int PAGE = 256;

  /** Bytes of the heap for each map that is kept, of which objects take about 500. */
  private static final int HEAP_PER_MAP = 2048;

  private static final AtomicInteger MAPS = new AtomicInteger();

  private final TrialIndex trials;
  private final DataArena arena;
  private final int height;
  private final int width;
  private final int channels;
  private final boolean rescale;
  private final AtomicReferenceArray<AtomicReferenceArray<TrialFrames>> opened;
  // several trials may show one stimulus
  private final Map<Path, TrialFrames> byPath = new HashMap<>();
  private final List<TrialFrames.Layout> layouts = new ArrayList<>();
  private int kept;
  private boolean closed;

  private final PixelWatch watch;

  /** Frames of encoded files; used where there are such alone. */
  private final FrameStore decoded;

  // files that were asked for ahead of need, and those that are ready or damaged; guarded by the
  // former
  private final BitSet ahead = new BitSet();
  private final BitSet ready = new BitSet();

  /**
   * Prepares to open files.
   *
   * @param height rows of interpolated frames
   * @param channels 1 or 3
   * @param rescale whether stored sizes may differ
   */
  TrialFiles(
      TrialIndex trials, DataArena arena, int height, int width, int channels, boolean rescale) {
    this.trials = trials;
    this.arena = arena;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.rescale = rescale;
    watch = new PixelWatch(trials);
    decoded = new FrameStore(trials.data());
    if (mostMaps < 0) {
      mostMaps = maxMaps();
    }
    opened = new AtomicReferenceArray<>((trials.size() + PAGE - 1) / PAGE);
  }

  private static int maxMaps() {
    int asked = Setting.SCREEN_MAPS.number(-1, 0);
    if (asked >= 0) {
      return asked;
    }
    long fitting = Math.min(Runtime.getRuntime().maxMemory() / HEAP_PER_MAP, 1 << 20);
    // one read of the whole text: the kernel gives the end of file to every read but the first, and
    // Files.readString
    // begins with a single byte
    try (InputStream in = Files.newInputStream(Path.of("/proc/sys/vm/max_map_count"))) {
      String text = new String(in.readNBytes(32), StandardCharsets.US_ASCII).strip();
      return (int) Math.min(Long.parseLong(text) / 4 * 3, fitting);
    } catch (IOException | NumberFormatException e) {
      return (int) Math.min(32_768, fitting);
    }
  }

  /** Returns what looks at the files as they are opened. */
  PixelWatch watch() {
    return watch;
  }

  /** Returns a trial's frames where they are kept, else null. */
  TrialFrames kept(int trial) {
    AtomicReferenceArray<TrialFrames> page = opened.getAcquire(trial / PAGE);
    return page == null ? null : page.getAcquire(trial % PAGE);
  }

  private void keep(int trial, TrialFrames frames) {
    AtomicReferenceArray<TrialFrames> page = opened.getAcquire(trial / PAGE);
    if (page == null) {
      page = new AtomicReferenceArray<>(PAGE);
      opened.setRelease(trial / PAGE, page);
    }
    page.setRelease(trial % PAGE, frames);
  }

  /**
   * Opens a trial's frames and keeps them; returns null where the process keeps too many maps
   * already.
   */
  TrialFrames open(int trial) {
    TrialFrames frames = kept(trial);
    // not in the monitor: a video may have to be decoded
    return frames == null ? open(trial, stored(trial)) : frames;
  }

  private synchronized TrialFrames open(int trial, Path path) {
    TrialFrames frames = kept(trial);
    if (frames != null) {
      return frames;
    }
    frames = byPath.get(path);
    if (frames == null) {
      arena.ensureOpen();
      if (MAPS.incrementAndGet() > mostMaps) {
        MAPS.decrementAndGet();
        return null;
      }
      kept++;
      frames = read(trial, path, arena.arena());
      if (frames.memory().isMapped()) {
        FileWatch.add(path, arena.arena());
      }
      byPath.put(path, frames);
    } else {
      check(trial, frames.file());
    }
    keep(trial, frames);
    return frames;
  }

  /** Opens a trial's frames for the life of an arena. */
  TrialFrames open(int trial, Arena temporary) {
    return read(trial, stored(trial), temporary);
  }

  /** Returns the bytes of a frame of a trial, as its metadata say. */
  long declaredFrameBytes(int trial) {
    return (long) trials.height(trial) * trials.width(trial) * Math.max(1, trials.channels(trial));
  }

  /**
   * Has a trial's file decoded by other threads; returns false where nothing is to be waited for:
   * it is no encoded one, or they are ready with it.
   */
  boolean decodeAhead(int trial) {
    if (!trials.anyEncoded() || !EncodedTypes.isEncoded(trials.file(trial))) {
      return false;
    }
    int file = trials.fileIndex(trial);
    synchronized (ahead) {
      if (ready.get(file)) {
        return false;
      }
      if (ahead.get(file)) {
        return true;
      }
      ahead.set(file);
    }
    Ahead.submit(
        () -> {
          try {
            stored(trial);
          } finally {
            synchronized (ahead) {
              ready.set(file);
            }
          }
        });
    return true;
  }

  /**
   * Adds some bytes of a trial's file as it lies in the recording.
   *
   * @throws RecordingException where it cannot be read
   */
  void hash(int trial, ValueHash hash) {
    Path path = trials.file(trial);
    Links.checkFile(trials.data().getParent(), path);
    try {
      hash.addBytes(path);
    } catch (IOException e) {
      throw Fields.unreadable(path, e);
    }
  }

  /** Returns the file of a trial's frames; an encoded one is decoded first. */
  private Path stored(int trial) {
    Path path = trials.file(trial);
    // what was looked at when the screen was opened may be another by now
    Links.checkFile(trials.data().getParent(), path);
    if (!EncodedTypes.isEncoded(path)) {
      return path;
    }
    Stimulus stimulus = stimulus(trials, trial, path, channels);
    checkSize(trial, path, stimulus.height(), stimulus.width());
    return decoded.frames(stimulus);
  }

  /**
   * Returns what the metadata of a trial say of its encoded file.
   *
   * @param channels of interpolated frames, 1 or 3
   * @throws RecordingException where they say too little, or what the screen's frames are not
   */
  static Stimulus stimulus(TrialIndex trials, int trial, Path path, int channels) {
    int height = trials.height(trial);
    int width = trials.width(trial);
    int frames = trials.frames(trial);
    if (height == 0) {
      throw RecordingException.of(
          path,
          "trial " + trials.key(trial),
          "no image_size",
          "the size of the file's frames, [H, W] for grey and [H, W, 3] for colour",
          "encoded files are read where their trial says what is in them");
    }
    check(
        trials,
        trial,
        path,
        new FrameSize(frames, height, width, trials.channels(trial)),
        channels);
    if (height * (3L * width) > 1 << 30) {
      throw RecordingException.of(
          path,
          "trial " + trials.key(trial),
          "an image_size of " + height + " x " + width,
          "frames of less than 1 GiB",
          null);
    }
    boolean video = trials.kind(trial) == TrialKind.VIDEO;
    return new Stimulus(
        path, trials.key(trial), video, frames, height, width, trials.channels(trial));
  }

  /** Reads all files into memory. */
  void cache() {
    if (trials.anyEncoded()) {
      IntStream.range(0, trials.size()).parallel().filter(trials::hasFile).forEach(this::stored);
    }
    readAll();
  }

  private synchronized void readAll() {
    for (int t = 0; t < trials.size(); t++) {
      if (!trials.hasFile(t) || kept(t) != null) {
        continue;
      }
      Path path = stored(t);
      TrialFrames frames = byPath.get(path);
      if (frames == null) {
        try (Arena temporary = Arena.ofConfined()) {
          TrialFrames mapped = read(t, path, temporary);
          mapped.file().guard(0, mapped.file().frames());
          MemorySegment copy = arena.arena().allocate(Math.max(1, mapped.memory().byteSize()), 64);
          MemorySegment.copy(mapped.memory(), 0, copy, 0, mapped.memory().byteSize());
          frames = new TrialFrames(mapped.file(), copy, mapped.layout());
        }
        byPath.put(path, frames);
      } else {
        check(t, frames.file());
      }
      keep(t, frames);
    }
  }

  private TrialFrames read(int trial, Path path, Arena owner) {
    boolean video = trials.kind(trial) == TrialKind.VIDEO;
    if (video && trials.frames(trial) == 1) {
      // exporters write a clip of one frame as an image too
      video = Npy.header(path).shape().length > 2;
    }
    FrameArray file = video ? ArrayFiles.openVideo(path, owner) : ArrayFiles.openImage(path, owner);
    if (!video && isImageWithTime(file.size())) {
      file = ArrayFiles.openVideo(path, owner);
    }
    check(trial, file);
    watch.opened(file);
    FrameShape shape = new FrameShape(Math.max(1, file.channels()), file.height(), file.width());
    return new TrialFrames(file, file.segment(), layout(file.type(), shape));
  }

  /** Returns whether what was read as an image is (1, H, W). */
  private static boolean isImageWithTime(FrameSize image) {
    return image.height() == 1
        && image.channels() != 0
        && image.channels() != 1
        && image.channels() != 3;
  }

  private void check(int trial, FrameArray file) {
    check(trials, trial, file.path(), file.size(), channels);
    checkSize(trial, file.path(), file.height(), file.width());
  }

  private void checkSize(int trial, Path path, int foundHeight, int foundWidth) {
    if (!rescale && (foundHeight != height || foundWidth != width)) {
      throw RecordingException.of(
          path,
          "trial " + trials.key(trial),
          "frames of " + foundHeight + " x " + foundWidth,
          height + " x " + width,
          "set interpolation.rescale to resize frames");
    }
  }

  /**
   * Checks the file of a trial by its header.
   *
   * @param channels of interpolated frames, 1 or 3
   * @return size of the stored frames
   * @throws RecordingException where it is missing or cannot be read as the trial's frames
   */
  static FrameSize check(TrialIndex trials, int trial, int channels) {
    Path path = trials.file(trial);
    NpyHeader header = Npy.header(path);
    boolean video =
        trials.kind(trial) == TrialKind.VIDEO
            && (trials.frames(trial) > 1 || header.shape().length > 2);
    FrameSize size = FrameSize.of(path, header, video);
    if (!video && isImageWithTime(size)) {
      size = FrameSize.of(path, header, true);
    }
    check(trials, trial, path, size, channels);
    return size;
  }

  private static void check(TrialIndex trials, int trial, Path path, FrameSize size, int channels) {
    String key = "trial " + trials.key(trial);
    if (size.height() < 1 || size.width() < 1) {
      throw RecordingException.of(
          path,
          key,
          "frames of " + size.height() + " x " + size.width(),
          "at least one pixel",
          null);
    }
    if (isTransposed(trials, trial, size)) {
      throw RecordingException.of(
          path,
          key,
          size.frames() + " frames of " + size.height() + " x " + size.width(),
          trials.frames(trial)
              + " of "
              + trials.height(trial)
              + " x "
              + trials.width(trial)
              + ", as num_frames and image_size say",
          "the array looks transposed: write it as (H, W) or (T, H, W)");
    }
    if (size.frames() < trials.frames(trial)) {
      throw RecordingException.of(
          path,
          key,
          size.frames() + " frames",
          "at least the " + trials.frames(trial) + " that num_frames says",
          "the file is truncated, or its metadata belongs to another one");
    }
    if (Math.max(1, size.channels()) != channels) {
      throw RecordingException.of(
          path,
          key,
          size.channels() == 0 ? "no channel axis" : size.channels() + " channels",
          channels == 1 ? "grey frames" : "frames (H, W, " + channels + ")",
          "all trials of a screen have as many channels as the image_size of the first says");
    }
  }

  /** Returns whether the axes are those that the metadata say, in another order. */
  private static boolean isTransposed(TrialIndex trials, int trial, FrameSize size) {
    if (size.height() == trials.height(trial) && size.width() == trials.width(trial)) {
      return false;
    }
    long[] found = {size.frames(), size.height(), size.width()};
    long[] declared = {trials.frames(trial), trials.height(trial), trials.width(trial)};
    Arrays.sort(found);
    Arrays.sort(declared);
    return Arrays.equals(found, declared);
  }

  private synchronized int layout(ElementType type, FrameShape shape) {
    int n = layouts.size();
    for (int i = 0; i < n; i++) {
      TrialFrames.Layout known = layouts.get(i);
      // a record's equals is made of method handles when it is first called: 8 ms of a first batch
      if (known.type() == type
          && known.shape().channels() == shape.channels()
          && known.shape().height() == shape.height()
          && known.shape().width() == shape.width()) {
        return i;
      }
    }
    layouts.add(new TrialFrames.Layout(type, shape));
    return n;
  }

  /** Returns a layout by its number. */
  synchronized TrialFrames.Layout layout(int number) {
    return layouts.get(number);
  }

  /** Returns how many maps this screen keeps. */
  synchronized int maps() {
    return kept;
  }

  /** Ends what is being decoded: whoever waits for it gets a ClosedException. */
  void cancel() {
    decoded.cancel();
  }

  /** Counts this screen's maps as gone from the process; the arena's owner has unmapped them. */
  synchronized void close() {
    if (!closed) {
      closed = true;
      MAPS.addAndGet(-kept);
      decoded.close();
    }
  }
}
