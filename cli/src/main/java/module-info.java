/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The command {@code syncline}. */
@SuppressWarnings("requires-automatic") // JFreeChart has no module descriptor
module org.syncline.cli {
  requires org.syncline;
  requires org.syncline.nwb;
  requires org.syncline.testdata;
  requires info.picocli;
  requires me.tongfei.progressbar;
  requires org.jfree.jfreechart;
  requires java.desktop;

  provides System.LoggerFinder with
      org.syncline.cli.CommandLoggerFinder;

  opens org.syncline.cli to
      info.picocli;
}
