import { z } from 'zod';

// Control characters, lone surrogates and characters that reorder or hide text have no place in what
// people read aloud to each other; PostgreSQL refuses NUL and broken Unicode outright.
const unreadable =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/;
const lineBreak = /[\t\n\r\u2028\u2029]/;

const readable = (most: number) =>
  z
    .string()
    // First of all: some letters grow by it, and what is stored must be short enough to be read back.
    .overwrite((value) => value.normalize('NFC').trim())
    .max(most, `Must be at most ${most} characters.`)
    .refine(
      (value) => value.isWellFormed() && !unreadable.test(value),
      'Contains characters that cannot be shown.',
    );

/** One line a person typed: a name, a title, a reference. */
export const line = (most: number) =>
  readable(most)
    .refine((value) => !lineBreak.test(value), 'Must be a single line.')
    .refine((value) => value.length > 0, 'Must not be empty.');

/** Several lines a person typed: a note, a reason. */
export const paragraph = (most: number) =>
  readable(most).refine((value) => value.length > 0, 'Must not be empty.');
