import { z } from 'zod';

// The small schemas that every wire shape is made of.

/** Every id is a UUID made by whoever creates the thing, in one spelling so that ids compare as strings. */
export const id = z.uuid('Must be a UUID.').toLowerCase();

/** A person or job as others see it: enough to say "held by M. Kraus", nothing more. */
export const actor = z.strictObject({ id, name: z.string() });
export type Actor = z.infer<typeof actor>;

// What stands in an address arrives as text.

const written = (value: number | string) =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;

/** A number of a query, in decimal digits: `Number` alone reads an empty text as 0 and `0x10` as 16. */
export const queryNumber = (number: z.ZodInt) => z.preprocess(written, number);

export const queryDays = (most: number) =>
  queryNumber(z.int().min(1).max(most, `Must be at most ${most} days.`));

export const queryLimit = (most: number) => queryNumber(z.int().min(1).max(most));

// Control characters, lone surrogates, and characters that reorder or hide text have no place in what people read
// aloud to each other: two names must not look the same and differ. By their properties, so that none is forgotten.
const unreadable = /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]--[\t\n\r]]/v;
// Two places where a hidden character is right: within an emoji, and a joiner between letters of these scripts.
const emoji = /\p{RGI_Emoji}/gv;
const joining = String.raw`[\p{scx=Arab}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}]`;
const joiner = new RegExp(`(?<=${joining})[\\u200C\\u200D](?=${joining})`, 'gv');
const isReadable = (value: string) =>
  value.isWellFormed() &&
  (!unreadable.test(value) || !unreadable.test(value.replace(emoji, '').replace(joiner, '')));
const lineBreak = /[\t\n\r\u2028\u2029]/;

const readable = (most: number) =>
  z
    .string()
    // First of all: some letters grow by it, and what is stored must be short enough to be read back.
    .overwrite((value) => value.normalize('NFC').trim())
    .max(most, `Must be at most ${most} characters.`)
    .refine(isReadable, 'Contains characters that can’t be displayed.');

/** One line a person typed: a name, a title, a reference. */
export const line = (most: number) =>
  readable(most)
    .refine((value) => !lineBreak.test(value), 'Must be a single line.')
    .min(1, 'Must not be empty.');

/** Several lines a person typed: a note, a reason. */
export const paragraph = (most: number) => readable(most).min(1, 'Must not be empty.');
