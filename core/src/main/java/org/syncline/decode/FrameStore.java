/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.decode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.syncline.error.ClosedException;
import org.syncline.error.RecordingException;
import org.syncline.error.SynclineException;
import org.syncline.file.RegularFiles;
import org.syncline.format.DiskCache;
import org.syncline.format.Fields;

/**
 * Decoded frames of a recording's encoded stimuli, as .npy files of uint8 in the user's cache.
 *
 * <p>A file is decoded once, whoever asks: other threads and processes wait, and go on themselves
 * where the one that decodes ends or fails (where the file system has no locks, processes decode it
 * each, and the last to be ready replaces an equal file). An entry counts as long as path, size,
 * times and inode of the encoded file, and what its trial says of the frames, are what they were.
 * Safe for use by several threads; {@link #close} ends what is being decoded.
 */
public final class FrameStore implements AutoCloseable {
  private static final AtomicLong TEMPORARY = new AtomicLong();

  /** Threads for which nothing is decoded any more. */
  private static final Set<Thread> UNWANTED = ConcurrentHashMap.newKeySet();

  private static final ThreadLocal<long[]> WAITS = ThreadLocal.withInitial(() -> new long[1]);

  /** Files being decoded by this process. */
  private static final ConcurrentHashMap<Path, CountDownLatch> RUNNING = new ConcurrentHashMap<>();

  /** Files with times in the future that were seen to stay as they are, with what they were. */
  private static final ConcurrentHashMap<Path, String> RESTED = new ConcurrentHashMap<>();

  /** More than what the cache waits for by the files' own times. */
  private static final long RESTED_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  /** Recordings of which that was said. */
  private static final Set<Path> TOLD = ConcurrentHashMap.newKeySet();

  private static final System.Logger LOG = System.getLogger("org.syncline");

  private final Path data;
  private final DiskCache cache;

  /** What is wrong with files that could not be decoded, by file and identity. */
  private final ConcurrentHashMap<String, RecordingException> faults = new ConcurrentHashMap<>();

  private FrameFolder folder;
  private volatile boolean closed;

  /**
   * Prepares to keep frames; nothing is made before a file is decoded.
   *
   * @param data the folder of the encoded files
   */
  public FrameStore(Path data) {
    this.data = data.toAbsolutePath();
    cache = DiskCache.system();
  }

  /**
   * Returns the folder of this recording's frames, whether it exists or not.
   *
   * @throws DecodingException where the cache is off
   */
  public Path folder() {
    return store().resolve(DiskCache.name("frames", List.of(data)));
  }

  private Path store() {
    Path in = cache.folder();
    if (in == null) {
      throw new DecodingException(
          data
              + " holds encoded files, whose frames are decoded into the cache, which is off; set SYNCLINE_CACHE to a"
              + " folder with room for them, or store frames as .npy files",
          null);
    }
    return in.resolve("frames");
  }

  private Path target(Stimulus stimulus) {
    return folder().resolve(DiskCache.name(namespace(stimulus), List.of(stimulus.file())) + ".npy");
  }

  private static String namespace(Stimulus s) {
    // images are turned since the second version
    return "frames-%d-%d-%d-%d-%d-%s"
        .formatted(
            EncodedTypes.isVideo(s.file()) ? 1 : 2,
            s.frames(),
            s.height(),
            s.width(),
            s.channels(),
            s.axis() ? "video" : "image");
  }

  /**
   * Returns whether the frames of a file are here already.
   *
   * @param whole compare all of them with their checksum
   */
  public boolean has(Stimulus stimulus, boolean whole) {
    String identity = cache.identity(namespace(stimulus), List.of(stimulus.file()));
    return identity != null && isCurrent(target(stimulus), stimulus, identity, whole);
  }

  /**
   * Returns the .npy file with the frames of an encoded file, decoded now where they are not here.
   *
   * @throws RecordingException where the file is missing or damaged, or its frames are not those
   *     that the trial has
   * @throws DecodingException where there is no program, no room or no cache
   * @throws ClosedException after {@link #close}, also where that comes while it decodes
   */
  public Path frames(Stimulus stimulus) {
    Path target = target(stimulus);
    while (true) {
      ensureOpen();
      String identity = identity(stimulus);
      // marks the folder as in use before anything of it is relied upon
      Path here = open();
      if (isCurrent(target, stimulus, identity, false)) {
        return target;
      }
      RecordingException fault = faults.get(identity);
      if (fault != null) {
        throw fault;
      }
      WAITS.get()[0]++;
      CountDownLatch mine = new CountDownLatch(1);
      CountDownLatch other = RUNNING.putIfAbsent(target, mine);
      if (other != null) {
        await(other, stimulus);
        continue;
      }
      try {
        decodeInTurn(stimulus, identity, here, target);
        // the encoded file may have been replaced meanwhile
        if (identity.equals(identity(stimulus))) {
          return target;
        }
      } catch (RecordingException e) {
        faults.put(identity, e);
        throw e;
      } finally {
        RUNNING.remove(target, mine);
        mine.countDown();
      }
    }
  }

  /**
   * Same as {@link #frames}, and compares frames that are here already with their checksum: where
   * they are damaged, they are decoded anew.
   */
  public Path verified(Stimulus stimulus) {
    if (has(stimulus, false) && !has(stimulus, true)) {
      discard(target(stimulus));
    }
    return frames(stimulus);
  }

  /**
   * Ends what threads decode or wait for, until {@link #forget}: they get a ClosedException.
   * Interrupting them would close files that others use.
   */
  public static void endFor(Collection<Thread> threads) {
    UNWANTED.addAll(threads);
  }

  /** Takes back {@link #endFor}, when the threads have ended. */
  public static void forget(Collection<Thread> threads) {
    UNWANTED.removeAll(Set.copyOf(threads));
  }

  /** Returns how often the calling thread has decoded a file or waited for one. */
  public static long waits() {
    return WAITS.get()[0];
  }

  /**
   * Checks a file without decoding it, as far as that goes: an image by its header, a video by the
   * packets that its container lists. What is doubtful is decoded to be sure.
   *
   * @throws RecordingException as {@link #frames}
   * @throws DecodingException as {@link #frames}
   * @throws ClosedException as {@link #frames}
   */
  public void check(Stimulus stimulus) {
    try {
      RegularFiles.size(stimulus.file());
    } catch (IOException e) {
      throw Fields.unreadable(stimulus.file(), e);
    }
    store();
    if (has(stimulus, false)) {
      return;
    }
    try {
      if (!EncodedTypes.isVideo(stimulus.file())) {
        withReader(stimulus, () -> ImageDecoder.check(stimulus));
      } else if (!new VideoDecoder(Ffmpeg.find(), stimulus, () -> closed).looksWhole()) {
        frames(stimulus);
      }
    } catch (IOException e) {
      throw Fields.unreadable(stimulus.file(), e);
    }
  }

  private synchronized Path open() {
    ensureOpen();
    if (folder == null) {
      try {
        folder = FrameFolder.open(folder());
      } catch (IOException e) {
        throw unwritable(e);
      }
    }
    return folder.path();
  }

  private DecodingException unwritable(IOException e) {
    return new DecodingException(
        "decoded frames cannot be written to "
            + folder()
            + " ("
            + e
            + "); set SYNCLINE_CACHE to a folder that can be written to",
        e);
  }

  private void ensureOpen() {
    if (isUnwanted(Thread.currentThread())) {
      throw new ClosedException("what decodes files of " + data);
    }
  }

  private boolean isUnwanted(Thread reader) {
    return closed || UNWANTED.contains(reader);
  }

  private void decodeInTurn(Stimulus stimulus, String identity, Path here, Path target) {
    FrameFolder.Turn turn = turn(target, stimulus);
    try {
      if (!isCurrent(target, stimulus, identity, false)) {
        decode(stimulus, identity, here, target);
      }
    } finally {
      turn.close();
    }
  }

  /** Waits until no other process decodes a file, and lets none begin. */
  private FrameFolder.Turn turn(Path target, Stimulus stimulus) {
    try {
      FrameFolder used;
      synchronized (this) {
        ensureOpen();
        used = folder;
      }
      FrameFolder.Turn turn = used.turn(target);
      while (turn == null) {
        Thread.sleep(20);
        ensureOpen();
        turn = used.turn(target);
      }
      return turn;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(stimulus, e);
    }
  }

  private static SynclineException interrupted(Stimulus stimulus, InterruptedException e) {
    return new SynclineException(
        stimulus.file() + ": the thread was interrupted while it waited for this file's frames", e);
  }

  private void await(CountDownLatch other, Stimulus stimulus) {
    try {
      while (!other.await(50, TimeUnit.MILLISECONDS)) {
        ensureOpen();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(stimulus, e);
    }
  }

  /**
   * Returns the identity of a file at rest: one that was just written is waited for. Times in the
   * future, which a clock that was set back leaves, and another machine's, say nothing: there a
   * file is at rest that stays as it is while it is watched.
   */
  private String identity(Stimulus stimulus) {
    Path file = stimulus.file();
    long begin = System.nanoTime();
    String watched = null;
    long since = begin;
    while (true) {
      String identity = cache.identity(namespace(stimulus), List.of(file));
      if (identity != null) {
        return identity;
      }
      String now = cache.identityNow(namespace(stimulus), List.of(file));
      if (now != null && now.equals(RESTED.get(file))) {
        return now;
      }
      if (now == null || !now.equals(watched)) {
        watched = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > RESTED_NANOS) {
        RESTED.put(file, now);
        tell(file);
        return now;
      }
      try {
        RegularFiles.size(file);
        if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(5)) {
          throw stimulus.fault(
              "a modification time of "
                  + Files.getLastModifiedTime(file)
                  + ", which is later than two seconds ago",
              "a file that is not being written",
              "wait until it is written",
              null);
        }
        ensureOpen();
        Thread.sleep(50);
      } catch (IOException e) {
        throw Fields.unreadable(file, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SynclineException(file + ": the thread was interrupted", e);
      }
    }
  }

  private void tell(Path file) {
    if (TOLD.add(data)) {
      LOG.log(
          System.Logger.Level.WARNING,
          file
              + ": last modified: found a time in the future, expected one before now; is this machine's clock right? The"
              + " file is read once it did not change for two seconds, in each process, and so is each such file of "
              + data
              + ": touch them");
    }
  }

  private static boolean isCurrent(Path target, Stimulus stimulus, String identity, boolean whole) {
    try (FileChannel in = FileChannel.open(target, StandardOpenOption.READ)) {
      return DiskCache.isOurs(target) && FrameSink.isSealed(in, stimulus, identity, whole);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      RegularFiles.checkInterruption(target, e);
      return false;
    }
  }

  private void decode(Stimulus stimulus, String identity, Path here, Path target) {
    long needed = FrameSink.bytes(stimulus);
    Path temporary =
        here.resolve(
            ProcessHandle.current().pid()
                + "-"
                + Long.toHexString(System.nanoTime())
                + "-"
                + TEMPORARY.incrementAndGet()
                + ".tmp");
    try {
      boolean video = EncodedTypes.isVideo(stimulus.file());
      Path program = video ? Ffmpeg.find() : null;
      FrameQuota.reserve(here.getParent(), needed);
      try (FileChannel out =
          FileChannel.open(
              temporary,
              Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              FrameFolder.owners(false))) {
        lock(out);
        FrameSink sink;
        if (video) {
          Thread reader = Thread.currentThread();
          sink =
              new VideoDecoder(program, stimulus, () -> isUnwanted(reader))
                  .decode(() -> new FrameSink(out.truncate(0), stimulus));
        } else {
          FrameSink image = new FrameSink(out, stimulus);
          withReader(stimulus, () -> ImageDecoder.decode(image));
          sink = image;
        }
        sink.seal(identity);
        if (needed > FrameSink.SMALL) {
          // a name must not outlive its frames when the machine loses power
          out.force(false);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      RegularFiles.checkInterruption(stimulus.file(), e);
      throw failed(here, needed, e);
    } finally {
      discard(temporary);
    }
  }

  /** Marks a half written file as one whose writer lives. */
  private static void lock(FileChannel out) {
    try {
      if (out.tryLock() == null) {
        throw new IllegalStateException("a new file is locked");
      }
    } catch (IOException e) {
      // a file system without locks: leftovers stay until their recording is deleted
    }
  }

  private interface Reading {
    void run() throws IOException;
  }

  private static void withReader(Stimulus stimulus, Reading reading) throws IOException {
    try {
      reading.run();
    } catch (NoClassDefFoundError | UnsatisfiedLinkError e) {
      throw new DecodingException(
          stimulus.file()
              + " is an image, which the module java.desktop reads; this Java runtime lacks it ("
              + e.getMessage()
              + "): start it with --add-modules java.desktop, or use a whole runtime",
          e);
    }
  }

  private DecodingException failed(Path here, long needed, IOException e) {
    try {
      FileStore disk = Files.getFileStore(here);
      if (disk.getUsableSpace() < needed) {
        return FrameQuota.full(here.getParent(), needed, disk.getUsableSpace(), e);
      }
    } catch (IOException unknown) {
      e.addSuppressed(unknown);
    }
    return unwritable(e);
  }

  private static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // the next process that opens the folder deletes it
    }
  }

  /** Ends what is being decoded: whoever waits for it gets a ClosedException. */
  public void cancel() {
    closed = true;
  }

  /** Does what {@link #cancel} does, and lets others delete the frames: no map of them is left. */
  @Override
  public void close() {
    cancel();
    synchronized (this) {
      if (folder != null) {
        folder.close();
        folder = null;
      }
    }
  }
}
