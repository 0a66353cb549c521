import {
  createSortedRowModel,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table';
import type { ReactNode } from 'react';

export const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
});

/** A column of a list. `read` gives the text to search and sort by; `cell` draws something else. */
export type Column<Item> = {
  readonly id: string;
  readonly header: string;
  /** A width of CSS grid. */
  readonly width: string;
  readonly read: (item: Item) => string | number;
  /** The value to sort by instead, such as a time that `read` gives in words. */
  readonly sortBy?: (item: Item) => string | number;
  readonly cell?: (item: Item) => ReactNode;
};
