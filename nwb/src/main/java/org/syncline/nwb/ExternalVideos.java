/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.syncline.decode.EncodedTypes;
import org.syncline.decode.VideoListing;
import org.syncline.file.Links;
import org.syncline.format.writing.DeviceFiles;

/**
 * A series whose frames are in encoded files beside the NWB file ({@code external_file}): a screen
 * of a video trial for each, the files copied as they are. How many frames they have is what their
 * containers say.
 *
 * @param files that were found, in the order of the series
 */
record ExternalVideos(H5Node series, List<Path> files) implements Mapper {
  /**
   * Returns the mapper of a series, or null where one of its files is not there: below the folder
   * of the NWB file, or where a whole path of another machine leads nowhere, by its name beside the
   * NWB file. What lies elsewhere is not looked at, whatever the file says.
   */
  static ExternalVideos of(H5Node series, List<String> names) {
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      Path file = beside(series.file().path().toAbsolutePath().getParent(), name);
      if (file == null) {
        return null;
      }
      files.add(file);
    }
    return files.isEmpty() ? null : new ExternalVideos(series, files);
  }

  private static Path beside(Path folder, String name) {
    try {
      Path given = folder.resolve(name).normalize();
      if (given.startsWith(folder) && Files.isRegularFile(given)) {
        Links.check(folder, given);
        return given;
      }
      // paths of Windows, too
      Path named = folder.resolve(name.substring(name.replace('\\', '/').lastIndexOf('/') + 1));
      boolean moved = !given.startsWith(folder) || name.contains("\\");
      if (!moved || named.equals(folder) || !Files.isRegularFile(named)) {
        return null;
      }
      Links.check(folder, named);
      return named;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  @Override
  public String modality() {
    return "screen";
  }

  @Override
  public long size() {
    long bytes = 0;
    for (Path file : files) {
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        // copying it says what is wrong
      }
    }
    return bytes;
  }

  @Override
  public String write(Path folder, Job job) throws IOException {
    List<VideoListing> found = new ArrayList<>();
    long frames = 0;
    for (Path file : files) {
      if (!EncodedTypes.isVideo(file)) {
        throw series.error(
            "external_file", "'" + file.getFileName() + "'", "videos: " + EncodedTypes.all(), null);
      }
      VideoListing video = VideoListing.of(file);
      checkStart(found.size(), frames);
      found.add(video);
      frames += video.frames();
    }
    H5Node count = series.child("num_samples");
    if (count != null && count.isDataset() && count.wholes()[0] != frames) {
      throw series.error(
          "num_samples",
          String.valueOf((long) count.wholes()[0]),
          frames + ", as many as the videos have",
          "a video is truncated, or not the one that was meant");
    }
    Clock clock = job.clock(series, frames);
    if (clock.samples() != frames || clock.rows() != null) {
      throw series.error(
          "timestamps",
          clock.samples() + " times that count for " + frames + " frames",
          "one for each frame of the videos",
          "frames of encoded files cannot be left out: correct the file");
    }
    Files.createDirectories(folder.resolve(DeviceFiles.PIXELS));
    Map<String, Object> trials = new LinkedHashMap<>();
    long first = 0;
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      String name = file.getFileName().toString();
      String key = DeviceFiles.trialKey(i);
      String ending = name.substring(name.lastIndexOf('.')).toLowerCase(Locale.ROOT);
      Files.copy(file, folder.resolve(DeviceFiles.PIXELS).resolve(key + ending));
      job.done().add(Files.size(file));
      Map<String, Object> trial = new LinkedHashMap<>();
      trial.put("modality", "video");
      trial.put("first_frame_idx", first);
      trial.put("num_frames", found.get(i).frames());
      trial.put("image_size", List.of((long) found.get(i).height(), (long) found.get(i).width()));
      trial.put("nwb_path", series.path());
      trial.put("external_file", name);
      trials.put(key, trial);
      first += found.get(i).frames();
    }
    ScreenFiles.write(folder, clock, false, trials);
    Rest.of(series, job);
    job.notes()
        .add(
            "frames become grey as they are decoded; image_size [H, W, 3] in combined_meta.json keeps"
                + " their colours");
    return files.size()
        + (files.size() == 1 ? " video, " : " videos, ")
        + frames
        + " encoded frames, "
        + clock.describe();
  }

  /** Compares the first frame that the series says of a file with the frames before it. */
  private void checkStart(int file, long frames) {
    Object starts = series.child("external_file").attribute("starting_frame");
    if (starts == null) {
      return;
    }
    int count = starts.getClass().isArray() ? Array.getLength(starts) : 1;
    Object said =
        count == 1 && !starts.getClass().isArray()
            ? starts
            : Array.get(starts, Math.min(file, count - 1));
    if (count != files.size()) {
      throw series.error(
          "external_file@starting_frame", count + " numbers", files.size() + ", one a file", null);
    }
    if (!(said instanceof Number n) || n.longValue() != frames) {
      throw series.error(
          "external_file@starting_frame",
          said + " of file " + file,
          frames + ", as many as the files before it have",
          "a video is truncated, or not the one that was meant");
    }
  }
}
