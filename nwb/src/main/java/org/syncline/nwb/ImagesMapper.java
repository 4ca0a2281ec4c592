/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.syncline.array.ElementType;
import org.syncline.array.Tensor;
import org.syncline.format.writing.DeviceFiles;
import org.syncline.format.writing.DeviceNames;
import org.syncline.storage.Dtype;
import org.syncline.storage.Npy;
import org.syncline.storage.NpyHeader;

/**
 * An IndexSeries: which image of a collection was shown from each time on. A screen of one image
 * trial an entry; each image that was shown is stored once.
 */
record ImagesMapper(H5Node series) implements Mapper {
  /** What a blank between images shows where pixels are bytes. */
  private static final int GREY = 128;

  @Override
  public String modality() {
    return "screen";
  }

  @Override
  public long size() {
    return 0;
  }

  @Override
  public String write(Path folder, Job job) throws IOException {
    double[] stored = series.dataset("data").wholes();
    Clock clock = job.clock(series, stored.length);
    double[] indices = clock.inOrder(stored);
    H5Node images = series.child("indexed_images");
    H5Node template = series.child("indexed_timeseries");
    boolean collection = images != null && !images.isBroken();
    if (!collection && (template == null || template.isBroken())) {
      H5Node link = images != null ? images : template;
      throw series.error(
          null,
          link == null
              ? "neither indexed_images nor indexed_timeseries"
              : "a link to " + link.link() + ", where nothing is",
          "what the indices count",
          null);
    }
    TreeSet<Integer> shown = new TreeSet<>();
    for (double index : indices) {
      if (index >= 0) {
        shown.add((int) index);
      }
    }
    Map<Integer, Image> files =
        collection ? collection(folder, images, shown, job) : frames(folder, template, shown, job);
    boolean bytes = files.values().stream().allMatch(i -> i.type() == ElementType.UINT8);
    Map<String, Object> trials = new LinkedHashMap<>();
    int blanks = 0;
    for (int i = 0; i < indices.length; i++) {
      Map<String, Object> trial = new LinkedHashMap<>();
      Image image = files.get((int) indices[i]);
      if (indices[i] < 0) {
        blanks++;
        trial.put("modality", "blank");
        trial.put("first_frame_idx", i);
        trial.put("interleave_value", bytes ? GREY : 0);
        trial.put("image_size", files.values().iterator().next().size());
      } else {
        trial.put("modality", "image");
        trial.put("first_frame_idx", i);
        trial.put("image_size", image.size());
        trial.put("stimulus_name", image.name());
      }
      trial.put("image_index", (long) indices[i]);
      trials.put(DeviceFiles.trialKey(i), trial);
    }
    if (blanks > 0) {
      job.notes()
          .add(
              blanks
                  + " negative indices became blanks of the value "
                  + (bytes ? GREY : 0)
                  + " (interleave_value)");
    }
    ScreenFiles.write(folder, clock, true, trials);
    Rest.of(series, job);
    return indices.length
        + " trials of "
        + files.size()
        + " images of "
        + files.values().iterator().next().size()
        + ", "
        + clock.describe();
  }

  /**
   * An image that was written.
   *
   * @param size [H, W] or [H, W, 3]
   */
  private record Image(String name, List<Long> size, ElementType type) {}

  private void missing(int index, int count, String where) {
    throw series.error(
        "data", "the index " + index, "less than the " + count + " images of " + where, null);
  }

  /** Writes those images of a collection that are shown. */
  private Map<Integer, Image> collection(
      Path folder, H5Node images, TreeSet<Integer> shown, Job job) throws IOException {
    List<H5Node> order = order(images, job);
    Map<Integer, Image> result = new TreeMap<>();
    List<String> names = DeviceNames.of(order.stream().map(H5Node::name).toList());
    for (int index : shown) {
      if (index >= order.size()) {
        missing(index, order.size(), images.path());
      }
      H5Node data = order.get(index);
      Path file = folder.resolve("data").resolve(names.get(index) + ".npy");
      Conversion conversion = ScreenFiles.pixels(data, job);
      long[] shape = data.shape();
      List<Long> size;
      if (shape.length == 3 && shape[2] == 4) {
        size = List.of(shape[0], shape[1], 3L);
        withoutAlpha(file, data, conversion, job);
      } else {
        size = ScreenFiles.frame(data, 0, "an image of shape (H, W), (H, W, 3) or (H, W, 4)");
        ScreenFiles.npy(file, data, conversion, Placement.plain(1), shape[0], job);
      }
      result.put(index, new Image(names.get(index), size, conversion.to()));
    }
    if (result.isEmpty()) {
      throw series.error("data", "no index", "at least one image that is shown", null);
    }
    Image first = result.values().iterator().next();
    for (Image image : result.values()) {
      if (image.size().size() != first.size().size()) {
        throw images.error(
            null,
            first.name() + " of " + first.size() + " and " + image.name() + " of " + image.size(),
            "all grey, (H, W), or all in colour, (H, W, 3)",
            null);
      }
    }
    return result;
  }

  private static void withoutAlpha(Path file, H5Node data, Conversion conversion, Job job)
      throws IOException {
    String note = "the fourth channel (opacity) of images is left out";
    if (!job.notes().contains(note)) {
      job.notes().add(note);
    }
    long[] shape = data.shape();
    Stored stored = Stored.of(data);
    long width = conversion.to().bytes();
    Files.createDirectories(file.getParent());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(stored.elements() * width, 8);
      try (Target target = new Target.InMemory(all)) {
        ArrayReader.read(stored, conversion, Placement.plain(1), target, 1, job.done());
      }
      long pixels = shape[0] * shape[1];
      MemorySegment colours = arena.allocate(3 * pixels * width, 8);
      for (long i = 0; i < pixels; i++) {
        MemorySegment.copy(all, 4 * i * width, colours, 3 * i * width, 3 * width);
      }
      Npy.write(file, new Tensor(conversion.to(), new long[] {shape[0], shape[1], 3}, colours));
    }
  }

  /** Returns the images in the order that indices count. */
  private static List<H5Node> order(H5Node images, Job job) {
    List<H5Node> all = new ArrayList<>();
    for (H5Node child : images.children().values()) {
      if (child.isDataset() && !child.name().equals("order_of_images")) {
        all.add(child);
      }
    }
    H5Node order = images.dataset("order_of_images");
    if (order == null) {
      job.notes().add("no order_of_images: indices count the images by name");
      all.sort((a, b) -> a.name().compareTo(b.name()));
      return all;
    }
    Map<Long, H5Node> byAddress = new TreeMap<>();
    all.forEach(image -> byAddress.put(image.node().getAddress(), image));
    Object references = order.value();
    List<H5Node> result = new ArrayList<>();
    for (int i = 0; references != null && i < Array.getLength(references); i++) {
      H5Node image = byAddress.get(((Number) Array.get(references, i)).longValue());
      if (image == null) {
        throw order.error(
            null, "a reference to no image of " + images.path(), "references to its images", null);
      }
      result.add(image);
    }
    return result;
  }

  /** Writes those frames of a series that are shown, each as an image. */
  private Map<Integer, Image> frames(Path folder, H5Node template, TreeSet<Integer> shown, Job job)
      throws IOException {
    H5Node data = template.dataset("data");
    if (data == null || data.shape()[0] == 0) {
      throw template.error(
          null,
          "frames in other files",
          "frames in this file",
          "convert them into the file, or leave this device out");
    }
    List<Long> size = ScreenFiles.frame(data, 1, "frames of shape (T, H, W) or (T, H, W, 3)");
    long[] shape = data.shape();
    Conversion conversion = ScreenFiles.pixels(data, job);
    Path stack = folder.resolve("data").resolve(".stack.npy");
    Placement placement = Placement.plain(SequenceMapper.product(shape, 1));
    ScreenFiles.npy(stack, data, conversion, placement, shape[0], job);
    Map<Integer, Image> result = new TreeMap<>();
    String prefix = DeviceNames.safe(template.ownName());
    NpyHeader header = Npy.header(stack);
    long frame = header.dataBytes() / shape[0];
    try (FileChannel from = FileChannel.open(stack, StandardOpenOption.READ)) {
      for (int index : shown) {
        if (index >= shape[0]) {
          missing(index, (int) shape[0], template.path());
        }
        String name = prefix + "_" + DeviceFiles.trialKey(index);
        byte[] head =
            Npy.headerBytes(Dtype.of(conversion.to()), Arrays.copyOfRange(shape, 1, shape.length));
        Path file = folder.resolve("data").resolve(name + ".npy");
        try (Target.InFile to = new Target.InFile(file, head, frame)) {
          to.channel().position(to.start());
          long at = header.dataOffset() + index * frame;
          for (long done = 0; done < frame; ) {
            done += from.transferTo(at + done, frame - done, to.channel());
          }
        }
        result.put(index, new Image(name, size, conversion.to()));
      }
    }
    Files.delete(stack);
    if (result.isEmpty()) {
      throw series.error("data", "no index", "at least one image that is shown", null);
    }
    return result;
  }
}
