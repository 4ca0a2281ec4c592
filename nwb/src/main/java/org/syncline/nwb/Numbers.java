/*
 * Copyright 2026 The Syncline Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.syncline.nwb;

import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteOrder;
import org.syncline.array.ElementType;

/**
 * The type of stored numbers.
 *
 * @param order byte order in the file
 */
record Numbers(ElementType type, ByteOrder order) {
  /** Returns the type of a dataset's numbers, or null where it holds something else. */
  static Numbers of(H5Node dataset) {
    DataType type = dataset.dataType();
    // h5py stores booleans as an enumeration of bytes
    DataType base = type instanceof EnumDataType named ? named.getBaseType() : type;
    if (base instanceof FixedPoint fixed) {
      ElementType element =
          switch (fixed.getSize()) {
            case 1 -> fixed.isSigned() ? ElementType.INT8 : ElementType.UINT8;
            case 2 -> fixed.isSigned() ? ElementType.INT16 : ElementType.UINT16;
            case 4 -> fixed.isSigned() ? ElementType.INT32 : ElementType.UINT32;
            case 8 -> fixed.isSigned() ? ElementType.INT64 : ElementType.UINT64;
            default -> null;
          };
      boolean whole = fixed.getBitOffset() == 0 && fixed.getBitPrecision() == 8 * fixed.getSize();
      return element == null || !whole ? null : new Numbers(element, fixed.getByteOrder());
    }
    if (base instanceof FloatingPoint floating) {
      ElementType element =
          switch (floating.getSize()) {
            case 2 -> floating.getExponentSize() == 5 ? ElementType.FLOAT16 : ElementType.BFLOAT16;
            case 4 -> ElementType.FLOAT32;
            case 8 -> ElementType.FLOAT64;
            default -> null;
          };
      return element == null ? null : new Numbers(element, floating.getByteOrder());
    }
    return null;
  }
}
