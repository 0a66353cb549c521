import { z } from 'zod';

// What stands in an address arrives as text.

const written = (value: number | string) =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;

/** A number of a query, in decimal digits: `Number` alone reads an empty text as 0 and `0x10` as 16. */
export const queryNumber = (number: z.ZodInt) => z.preprocess(written, number);

export const queryDays = (most: number) =>
  queryNumber(z.int().min(1).max(most, `Must be at most ${most} days.`));

export const queryLimit = (most: number) => queryNumber(z.int().min(1).max(most));
