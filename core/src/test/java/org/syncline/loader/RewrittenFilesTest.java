/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.Chunk;
import org.syncline.ChunkDataset;
import org.syncline.FreshJvm;
import org.syncline.config.DatasetConfig;
import org.syncline.error.ClosedException;
import org.syncline.storage.SharedArena;
import org.syncline.testdata.Recording;
import org.syncline.testdata.Recordings;

/**
 * Files that are rewritten in place while a loader reads them ({@code cp} truncates, then writes)
 * cost batches, never the process: {@code Rewriter FOLDER REWRITES SEED SHAPE…} is the same for
 * longer.
 */
class RewrittenFilesTest {
  @TempDir Path folder;

  @Test
  void aProcessOutlivesFilesThatAreRewrittenUnderIt() throws Exception {
    List<String> options = FreshJvm.asThisOne("-Xmx256m", "-Xbatch");
    // as users have it: vector bodies run once they are compiled, which is what survives
    options.remove("-Dsyncline.kernels=vector");
    FreshJvm.succeeds(
        FreshJvm.of(
            options,
            Rewriter.class,
            folder.resolve("recordings").toString(),
            "200",
            "7",
            "small",
            "E",
            "P"));
  }

  @Test
  void filesThatAreReplacedDeletedOrGrownAreReadAsTheyWereOpened() throws Exception {
    Recording recording = Recordings.defaultConfig(folder.resolve("recording"), 3).write();
    try (ChunkDataset dataset =
        ChunkDataset.open(
            recording.folder(), DatasetConfig.parse(recording.configText(), "recording"))) {
      float[] before = responses(dataset);
      Path file = recording.folder().resolve("responses/data.npy");
      file = Files.exists(file) ? file : recording.folder().resolve("responses/data.mem");
      byte[] content = Files.readAllBytes(file);
      Files.write(file, new byte[4096], StandardOpenOption.APPEND);
      assertArrayEquals(before, responses(dataset), "grown");
      Path other = Files.write(folder.resolve("other"), new byte[content.length]);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      assertArrayEquals(before, responses(dataset), "replaced");
      Files.delete(file);
      assertArrayEquals(before, responses(dataset), "deleted");
    }
  }

  private static float[] responses(ChunkDataset dataset) {
    try (Chunk chunk = dataset.item(dataset.length() - 1)) {
      return chunk.tensor("responses").data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
  }

  /** Reads recordings of all modalities while another thread rewrites their files. */
  static final class Rewriter {
    private Rewriter() {}

    public static void main(String[] args) throws Exception {
      Path root = Path.of(args[0]);
      int rewrites = Integer.parseInt(args[1]);
      long seed = Long.parseLong(args[2]);
      System.out.println("seed " + seed);
      List<Thread> readers = new ArrayList<>();
      List<ChunkLoader> loaders = new ArrayList<>();
      List<AtomicLongArray> counts = new ArrayList<>();
      List<Path> files = new ArrayList<>();
      List<String> shapes = List.of(args).subList(3, args.length);
      for (String shape : shapes) {
        Recordings recordings =
            shape.equals("small")
                ? Recordings.defaultConfig(root.resolve(shape), seed)
                : Recordings.shape(shape, root.resolve(shape), seed).seconds(30);
        Recording recording = recordings.write();
        ChunkDataset dataset =
            ChunkDataset.open(
                recording.folder(), DatasetConfig.parse(recording.configText(), shape));
        ChunkLoader loader =
            ChunkLoader.builder().dataset(dataset).batchSize(4).shuffle(true).seed(1L).build();
        try (Stream<Path> all = Files.walk(recording.folder())) {
          all.filter(Files::isRegularFile)
              .filter(f -> f.toString().endsWith(".npy") || f.toString().endsWith(".mem"))
              .filter(f -> !f.getParent().endsWith("meta"))
              .forEach(files::add);
        }
        AtomicLongArray count = new AtomicLongArray(2);
        counts.add(count);
        loaders.add(loader);
        Thread reader =
            Thread.ofPlatform().name(shape).daemon().unstarted(() -> readAll(loader, count));
        reader.start();
        readers.add(reader);
      }
      SplittableRandom random = new SplittableRandom(seed);
      List<byte[]> contents = new ArrayList<>();
      for (Path file : files) {
        contents.add(Files.readAllBytes(file));
      }
      // vector code is compiled by then, for that is waited for: see the options
      for (AtomicLongArray count : counts) {
        while (count.get(0) < 100) {
          Thread.sleep(10);
        }
      }
      Thread.sleep(2000);
      // what is closed elsewhere in the process must not take compiled code from under the readers
      Thread.ofPlatform().daemon().start(Rewriter::closeArenas);
      for (int i = 0; i < rewrites; i++) {
        int k = random.nextInt(files.size());
        byte[] content = contents.get(k);
        try (FileChannel channel = FileChannel.open(files.get(k), StandardOpenOption.WRITE)) {
          channel.truncate(random.nextBoolean() ? 0 : random.nextLong(content.length));
          if (random.nextInt(4) == 0) {
            Thread.sleep(0, random.nextInt(400_000));
          }
          channel.truncate(0);
          channel.write(ByteBuffer.wrap(content));
        }
      }
      for (ChunkLoader loader : loaders) {
        loader.close();
      }
      for (int i = 0; i < readers.size(); i++) {
        readers.get(i).join();
        AtomicLongArray count = counts.get(i);
        System.out.println(
            readers.get(i).getName()
                + ": "
                + count.get(0)
                + " batches, "
                + count.get(1)
                + " refused");
        if (count.get(0) == 0 || count.get(1) == 0) {
          throw new AssertionError("nothing was read, or nothing refused");
        }
      }
    }

    private static void closeArenas() {
      while (true) {
        try (Arena arena = new SharedArena()) {
          arena.allocate(64);
        }
        LockSupport.parkNanos(20_000_000);
      }
    }

    private static void readAll(ChunkLoader loader, AtomicLongArray count) {
      while (true) {
        try {
          Batch batch = loader.next();
          if (batch != null) {
            batch.close();
            count.incrementAndGet(0);
          }
        } catch (LoaderException e) {
          count.incrementAndGet(1);
        } catch (ClosedException e) {
          return;
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
  }
}
