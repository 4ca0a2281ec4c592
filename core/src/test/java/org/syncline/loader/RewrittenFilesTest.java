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
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.syncline.Chunk;
import org.syncline.ChunkDataset;
import org.syncline.FreshJvm;
import org.syncline.array.Tensor;
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
    private static final AtomicReference<Throwable> FAULT = new AtomicReference<>();

    private Rewriter() {}

    public static void main(String[] args) throws Exception {
      Path root = Path.of(args[0]);
      int rewrites = Integer.parseInt(args[1]);
      long seed = Long.parseLong(args[2]);
      System.out.println("seed " + seed);
      List<Thread> readers = new ArrayList<>();
      List<ChunkLoader> loaders = new ArrayList<>();
      List<ChunkDataset> datasets = new ArrayList<>();
      List<Long> sums = new ArrayList<>();
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
        datasets.add(dataset);
        sums.add(sum(dataset));
        AtomicLongArray count = new AtomicLongArray(2);
        counts.add(count);
        loaders.add(loader);
        Thread reader =
            Thread.ofPlatform().name(shape).daemon().unstarted(() -> readAll(loader, count, root));
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
      for (int i = 0; i < readers.size(); i++) {
        // what was read ahead while a file was short is still to come
        await(counts.get(i), 40);
        long refused = counts.get(i).get(1);
        await(counts.get(i), 100);
        if (counts.get(i).get(1) != refused) {
          throw new AssertionError(shapes.get(i) + ": batches of whole files are refused");
        }
        if (sum(datasets.get(i)) != sums.get(i)) {
          throw new AssertionError(shapes.get(i) + ": whole files give other values than before");
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
      if (FAULT.get() != null) {
        throw new AssertionError("a reader met what is no refusal of a file", FAULT.get());
      }
    }

    private static void await(AtomicLongArray count, int batches) throws InterruptedException {
      long from = count.get(0);
      for (int i = 0; count.get(0) < from + batches; i++) {
        if (i == 6000 || FAULT.get() != null) {
          throw new AssertionError("no batch comes once files are whole again", FAULT.get());
        }
        Thread.sleep(10);
      }
    }

    /** Returns a sum over some chunks of a dataset, read past its loader. */
    private static long sum(ChunkDataset dataset) {
      CRC32 sum = new CRC32();
      for (int i = 0; i < 5; i++) {
        try (Chunk chunk = dataset.item((dataset.length() - 1) * i / 4)) {
          for (Tensor values : chunk.values().values()) {
            sum.update(values.data().asByteBuffer());
          }
        }
      }
      return sum.getValue();
    }

    private static void closeArenas() {
      while (true) {
        try (Arena arena = new SharedArena()) {
          arena.allocate(64);
        }
        LockSupport.parkNanos(20_000_000);
      }
    }

    private static void readAll(ChunkLoader loader, AtomicLongArray count, Path root) {
      while (true) {
        try {
          Batch batch = loader.next();
          if (batch != null) {
            batch.close();
            count.incrementAndGet(0);
          }
        } catch (LoaderException e) {
          count.incrementAndGet(1);
          if (!e.getMessage().contains(root.toString())) {
            FAULT.compareAndSet(null, new AssertionError("names no file", e));
            return;
          }
        } catch (ClosedException e) {
          return;
        } catch (Throwable e) {
          FAULT.compareAndSet(null, e);
          return;
        }
      }
    }
  }
}
