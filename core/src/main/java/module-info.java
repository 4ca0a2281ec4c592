/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * Loads synchronised, temporally chunked, multi-modal recordings.
 *
 * <p>What does not say since when it is there is there since the first version.
 *
 * @since 0.1.0
 */
@SuppressWarnings("module") // the qualified exports name modules that are compiled later
module org.syncline {
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires jdk.jfr;
  // images are read by it; a runtime without it reads everything else
  requires static java.desktop;
  // annotations of what may be null, which users' tools read in the exported packages; transitive,
  // javac would ask each
  // module that requires ours for them
  requires static org.jspecify;

  uses org.syncline.RegistryProvider;

  exports org.syncline;
  exports org.syncline.array;
  exports org.syncline.config;
  exports org.syncline.device;
  exports org.syncline.error;
  exports org.syncline.filter;
  exports org.syncline.interval;
  exports org.syncline.loader;
  exports org.syncline.stats;
  exports org.syncline.transform;
  exports org.syncline.write;
  exports org.syncline.config.schema to
      org.syncline.bridge;
  exports org.syncline.decode to
      org.syncline.bridge,
      org.syncline.cli,
      org.syncline.nwb;
  exports org.syncline.device.screen to
      org.syncline.cli;
  exports org.syncline.device.support to
      org.syncline.cli,
      org.syncline.nwb;
  exports org.syncline.device.spikes to
      org.syncline.bench;
  exports org.syncline.file to
      org.syncline.bridge,
      org.syncline.nwb;
  exports org.syncline.format to
      org.syncline.bridge,
      org.syncline.cli,
      org.syncline.nwb;
  exports org.syncline.format.checksum to
      org.syncline.bridge,
      org.syncline.cli;
  exports org.syncline.format.writing to
      org.syncline.cli,
      org.syncline.nwb;
  exports org.syncline.document to
      org.syncline.bridge,
      org.syncline.cli,
      org.syncline.nwb;
  exports org.syncline.storage to
      org.syncline.bridge,
      org.syncline.cli,
      org.syncline.nwb;
  exports org.syncline.write.plan to
      org.syncline.bridge;
  exports org.syncline.text to
      org.syncline.bridge,
      org.syncline.cli;
  exports org.syncline.interval.algebra to
      org.syncline.cli;
  exports org.syncline.kernel to
      org.syncline.bench,
      org.syncline.bridge,
      org.syncline.cli;
}
