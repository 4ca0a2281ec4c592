/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Link;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import io.jhdf.links.ExternalLink;
import io.jhdf.storage.HdfBackingStorage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.syncline.error.RecordingException;
import org.syncline.file.Links;

/**
 * An HDF5 file: its tree by jHDF, links followed here, for jHDF takes each soft link from the root
 * of the file. Files that external links name are opened with it and closed with it. For one
 * thread; {@link #channel()} may be read by many.
 */
final class Hdf implements AutoCloseable {
  /** Links that are followed one after another; more is a circle. */
  private static final int MOST_LINKS = 32;

  private static final String ZARR = "NWB stored as Zarr is not read; export it to HDF5 with pynwb";

  private final Path path;
  private final HdfFile file;
  private final FileChannel channel;
  private final Map<Path, Hdf> external = new HashMap<>();
  private final Hdf owner;

  private Hdf(Path path, HdfFile file, FileChannel channel, Hdf owner) {
    this.path = path;
    this.file = file;
    this.channel = channel;
    this.owner = owner;
  }

  /**
   * Opens a file.
   *
   * @throws RecordingException where it is missing or no HDF5 file
   */
  static Hdf open(Path path) {
    return open(path, null);
  }

  private static Hdf open(Path path, Hdf owner) {
    if (!Files.isRegularFile(path)) {
      boolean folder = Files.isDirectory(path);
      throw RecordingException.of(
          path,
          null,
          folder ? "a folder" : Files.exists(path) ? "no file" : "nothing",
          "an NWB file in HDF5",
          folder ? ZARR : null);
    }
    HdfFile file;
    try {
      file = new HdfFile(path);
    } catch (RuntimeException e) {
      throw RecordingException.of(
          path, null, "no HDF5 file (" + reason(e) + ")", "an NWB file in HDF5", ZARR, e);
    }
    try {
      return new Hdf(path, file, FileChannel.open(path, StandardOpenOption.READ), owner);
    } catch (IOException e) {
      file.close();
      throw RecordingException.of(path, null, "an error: " + e.getMessage(), "a file", null, e);
    }
  }

  /** Returns what an exception of jHDF says, with what caused it. */
  static String reason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return text.isEmpty() ? root.getClass().getSimpleName() : text;
  }

  Path path() {
    return path;
  }

  FileChannel channel() {
    return channel;
  }

  HdfBackingStorage storage() {
    return file.getHdfBackingStorage();
  }

  /** Returns what is added to each address of the file. */
  long base() {
    return storage().getUserBlockSize();
  }

  H5Node root() {
    return new H5Node(this, file, "", null);
  }

  /** Returns the object at an address that a reference holds, or null where there is none. */
  H5Node dereference(long address, String path) {
    if (address == 0) {
      return null;
    }
    try {
      return new H5Node(this, file.getNodeByAddress(address), path, null);
    } catch (HdfException e) {
      throw fault(path, e);
    }
  }

  /** Returns an error of jHDF as one of ours. */
  RecordingException fault(String where, RuntimeException e) {
    return RecordingException.of(
        path,
        where.isEmpty() ? "/" : where,
        "what cannot be read (" + reason(e) + ")",
        "HDF5 as pynwb, MatNWB and h5py write it",
        "h5repack, or reading and exporting the file with pynwb, may help",
        e);
  }

  /** Returns the children of a group by name; a link that leads nowhere is a broken node. */
  Map<String, H5Node> children(String groupPath, Group group) {
    Map<String, H5Node> result = new LinkedHashMap<>();
    Map<String, Node> nodes;
    try {
      nodes = group.getChildren();
    } catch (RuntimeException e) {
      throw fault(groupPath, e);
    }
    nodes.forEach((name, node) -> result.put(name, child(groupPath, name, node, 0)));
    return result;
  }

  private H5Node child(String groupPath, String name, Node node, int links) {
    String childPath = groupPath.isEmpty() ? name : groupPath + "/" + name;
    if (!(node instanceof Link link)) {
      return new H5Node(this, node, childPath, null);
    }
    String target = link.getTargetPath();
    if (links >= MOST_LINKS) {
      return H5Node.broken(this, childPath, target);
    }
    if (link instanceof ExternalLink) {
      int colon = target.lastIndexOf(':');
      H5Node there = externalTarget(target.substring(0, colon), target.substring(colon + 1));
      return there == null
          ? H5Node.broken(this, childPath, target)
          : new H5Node(there.file(), there.node(), childPath, target);
    }
    String absolute = target.startsWith("/") ? target : groupPath + "/" + target;
    H5Node there = find(absolute, links + 1);
    return there == null || there.isBroken()
        ? H5Node.broken(this, childPath, target)
        : new H5Node(there.file(), there.node(), childPath, absolute.replaceAll("^/+", ""));
  }

  private H5Node externalTarget(String name, String target) {
    Path folder = path.toAbsolutePath().getParent();
    Hdf first = owner == null ? this : owner;
    try {
      Path other = folder.resolve(name).normalize();
      Links.check(folder, other);
      Hdf there = first.external.get(other);
      if (there == null) {
        there = open(other, first);
        first.external.put(other, there);
      }
      return there.find(target, 1);
    } catch (RecordingException | InvalidPathException e) {
      return null;
    }
  }

  /** Returns the node at a path, or null. */
  H5Node find(String wanted) {
    return find(wanted, 0);
  }

  private H5Node find(String wanted, int links) {
    List<String> parts = new ArrayList<>();
    for (String part : wanted.split("/")) {
      if (part.equals("..") && !parts.isEmpty()) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    H5Node at = root();
    for (String part : parts) {
      if (at.isBroken() || !at.isGroup()) {
        return null;
      }
      Node next;
      try {
        next = ((Group) at.node()).getChildren().get(part);
      } catch (RuntimeException e) {
        throw at.file().fault(at.path(), e);
      }
      if (next == null) {
        return null;
      }
      at = at.file().child(at.path(), part, next, links);
    }
    return at;
  }

  /** Returns whether two nodes are one dataset of one file. */
  static boolean same(H5Node a, H5Node b) {
    return a.file().path().equals(b.file().path())
        && a.node() instanceof Dataset
        && b.node() instanceof Dataset
        && a.node().getAddress() == b.node().getAddress();
  }

  @Override
  public void close() {
    external.values().forEach(Hdf::close);
    external.clear();
    try {
      channel.close();
    } catch (IOException e) {
      throw RecordingException.of(path, null, "an error: " + e.getMessage(), "a file", null, e);
    } finally {
      file.close();
    }
  }
}
