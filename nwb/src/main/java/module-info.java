/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Imports recordings from NWB files. */
@SuppressWarnings("requires-automatic") // jHDF has no module descriptor
module org.syncline.nwb {
  requires transitive org.syncline;
  requires io.jhdf;
  // called by jHDF alone, which as an automatic module cannot ask for them
  requires org.slf4j;
  requires org.apache.commons.lang3;

  exports org.syncline.nwb;

  provides org.syncline.format.Importer with
      org.syncline.nwb.NwbImporter;
}
