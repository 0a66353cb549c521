import { z } from 'zod';

// The small schemas that every wire shape is made of.

/** A UUID made by the creator of the entity, in lower case so that ids compare as strings. */
export const id = z.uuid('Must be a UUID.').toLowerCase();

/** A person or job as others see it: enough to say "held by M. Kraus". */
export const actor = z.strictObject({ id, name: z.string() });
export type Actor = z.infer<typeof actor>;

// Query parameters arrive as text.
const fromDigits = (value: number | string) =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;

/** A number in a query, in decimal digits only: `Number` would read an empty text as 0 and `0x10` as 16. */
export const queryNumber = (number: z.ZodInt) => z.preprocess(fromDigits, number);

export const queryDays = (most: number) =>
  queryNumber(z.int().min(1).max(most, `Must be at most ${most} days.`));

export const queryLimit = (most: number) => queryNumber(z.int().min(1).max(most));

// Control characters, lone surrogates, and characters that hide or reorder text: with them, two different names could
// look the same. The Unicode properties cover all of them.
const unreadable = /[[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]--[\t\n\r]]/v;
// Hidden characters are allowed inside an emoji, and as a joiner between letters of these scripts.
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
    // Normalize before measuring: some letters grow, and a stored text must pass again when it is read.
    .overwrite((value) => value.normalize('NFC').trim())
    .max(most, `Must be at most ${most} characters.`)
    .refine(isReadable, 'Contains characters that can’t be displayed.');

/** One line that a person types: a name, a title, a reference. */
export const line = (most: number) =>
  readable(most)
    .refine((value) => !lineBreak.test(value), 'Must be a single line.')
    .min(1, 'Must not be empty.');

/** Several lines that a person types: a note, a reason. */
export const paragraph = (most: number) => readable(most).min(1, 'Must not be empty.');
