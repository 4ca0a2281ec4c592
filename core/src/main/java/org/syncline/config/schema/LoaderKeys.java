/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.config.schema;

/**
 * What configurations ({@code dataloader}) and the options of loaders both have, and Python's
 * keywords. The options of loaders are {@code loader.LoaderOption}.
 */
public final class LoaderKeys {
  /** Threads of a loader at most: more than any machine has a use for, few enough to start. */
  public static final int MOST_THREADS = 1024;

  public static final ConfigKey BATCH_SIZE =
      ConfigKey.whole("batch_size", 1, 1 << 24, 1L, "Chunks of a batch.").example("16");
  public static final ConfigKey SHUFFLE =
      ConfigKey.flag("shuffle", false, "Draws the order of chunks anew each epoch.")
          .example("true");
  public static final ConfigKey SEED =
      ConfigKey.whole(
              "seed",
              0,
              0xffff_ffffL,
              null,
              "Seed of the order of chunks; without one a seed is drawn, which the state carries. Needed where there are several ranks.")
          .example("42");
  public static final ConfigKey DROP_LAST =
      ConfigKey.flag("drop_last", false, "Leaves out a last, smaller batch.").example("true");
  public static final ConfigKey SHUFFLE_EACH_EPOCH =
      ConfigKey.flag("shuffle_each_epoch", false, "Draws the start times anew each epoch.")
          .ours()
          .example("true");
  public static final ConfigKey PIN_MEMORY =
      ConfigKey.flag(
              "pin_memory",
              false,
              "Registers the buffers of batches with CUDA, so that copies to the device are asynchronous.")
          .example("true");
  public static final ConfigKey WAIT_FOR_DEVICE =
      ConfigKey.flag(
          "wait_for_device",
          true,
          "Whether pinned memory is used again only when the device has finished all that it had to do when the batch was deleted;"
              + " false: the caller has waited for its own copies before it deletes a batch.");
  public static final ConfigKey RANK =
      ConfigKey.whole(
          "rank",
          0,
          Integer.MAX_VALUE - 1,
          0L,
          "This loader's number among those that share each epoch's batches, from 0.");
  public static final ConfigKey INDICES_ONLY =
      ConfigKey.flag(
          "indices_only", false, "Reads nothing: each batch is one int64 tensor of chunk indices.");
  public static final ConfigKey FED =
      ConfigKey.flag(
          "fed",
          false,
          "The caller names the chunks of every batch (syncline_loader_feed); batch_size is the most of one; options of an order are refused"
              + " beside it.");
  public static final ConfigKey RECORDINGS =
      ConfigKey.mixed(
          "recordings",
          "a list of maps {root, config}",
          Choice.NONE,
          null,
          "Further recordings, after the datasets, opened and closed by the loader itself.");
  public static final ConfigKey CACHE_DATA =
      ConfigKey.flag(
          "cache_data",
          false,
          "Reads the recordings that the loader opens into memory once; else as their configuration says.");
  public static final ConfigKey NUM_WORKERS =
      ConfigKey.whole(
              "num_workers",
              0,
              MOST_THREADS,
              0L,
              "Threads that make batches; 0 is one thread, too.")
          .example("2");
  public static final ConfigKey PREFETCH_FACTOR =
      ConfigKey.whole(
              "prefetch_factor", 1, 1 << 16, null, "Batches made ahead for each thread; null is 2.")
          .example("4");
  public static final ConfigKey DTYPE =
      ConfigKey.mixed(
          "dtype",
          "a name, a type of NumPy or torch, a map of those by entry, or null",
          Choice.NONE,
          null,
          "Element type of all entries, or of those named: see `types`.");

  public static final ConfigKey OUTPUT =
      ConfigKey.mixed(
          "output",
          "'torch', 'numpy', 'jax', or null",
          Choice.NONE,
          null,
          "Whose arrays batches hold; null is torch where it is installed, else numpy.");

  public static final ConfigKey SAMPLER =
      ConfigKey.mixed(
          "sampler",
          "an iterable of whole numbers, or null",
          Choice.NONE,
          null,
          "Which chunks an epoch has, in place of `shuffle`.");

  public static final ConfigKey BATCH_SAMPLER =
      ConfigKey.mixed(
          "batch_sampler",
          "an iterable of lists of whole numbers, or null",
          Choice.NONE,
          null,
          "Which chunks the batches of an epoch have, in place of `batch_size`, `shuffle`, `sampler` and `drop_last`.");

  public static final ConfigKey COLLATE_FN =
      ConfigKey.mixed(
          "collate_fn",
          "a function of a list of items, or null",
          Choice.NONE,
          null,
          "Makes what the program gets of the items of a batch; null is the batch.");

  public static final ConfigKey DEVICE =
      ConfigKey.mixed(
          "device",
          "the name of a device, an object of torch or JAX that is one, or null",
          Choice.NONE,
          null,
          "Where batches arrive: \"cuda\", \"cuda:1\", \"cpu\"; null is cpu.");
  public static final ConfigKey PREFETCH_TO_DEVICE =
      ConfigKey.whole(
          "prefetch",
          0,
          1 << 16,
          2L,
          "Batches on their way to another device than the processor while the program works on one.");
  public static final ConfigKey NARROW =
      ConfigKey.flag(
          "narrow",
          true,
          "Whether pixels that are stored as bytes travel as bytes to a CUDA device, and become there what they would have been.");

  /** Keywords of Python's DataLoader that have another meaning than options of C and Java. */
  public static final ConfigSection PYTHON =
      new ConfigSection(
          "syncline.DataLoader",
          "Keywords of Python's loader.",
          NUM_WORKERS,
          PREFETCH_FACTOR,
          DTYPE,
          OUTPUT,
          SAMPLER,
          BATCH_SAMPLER,
          COLLATE_FN,
          DEVICE,
          PREFETCH_TO_DEVICE,
          NARROW);

  private LoaderKeys() {}
}
