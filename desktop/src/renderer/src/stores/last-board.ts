import { me as meSchema } from '@slate/shared/contract/identity';
import type { Me } from '@slate/shared/contract/identity';
import { board } from '@slate/shared/contract/reads';
import type { Board } from '@slate/shared/contract/reads';
import { id } from '@slate/shared/fields';
import { localDate } from '@slate/shared/time';
import { z } from 'zod';
import { createStore } from 'zustand/vanilla';

const keptDays = z.strictObject({ date: localDate, days: z.int().min(1).max(14), board });
/** The board of these days; it was true at `board.at`. */
export type KeptDays = Readonly<z.infer<typeof keptDays>>;

/** The owner of the board. It stays readable when the boards are not. */
const owner = z.object({ format: z.literal(1), me: z.unknown(), siteId: id, days: z.unknown() });

export type LastBoard = {
  me: Me;
  site: Me['sites'][number];
  /** Null: they are of another version or damaged, so none is shown. */
  days: readonly KeptDays[] | null;
};

/** The days that this desk had saved, for a session without the server; null while the desk was opened by the server. */
export const lastBoardStore = createStore<{ days: readonly KeptDays[] | null; isUnreadable: boolean }>(
  () => ({ days: null, isUnreadable: false }),
);
export const showLastBoard = ({ days }: LastBoard) =>
  lastBoardStore.setState({ days, isUnreadable: days === null });
export const forgetLastBoard = () => lastBoardStore.setState(lastBoardStore.getInitialState(), true);
/** When this desk last heard from the server, in milliseconds; null: no board is known. */
export function lastKnownAt(): number | null {
  const times = (lastBoardStore.getState().days ?? []).map((each) => Date.parse(each.board.at));
  return times.length === 0 ? null : Math.max(...times);
}

/** Returns null if not even the owner can be read. */
export function readLastBoard(text: string): LastBoard | null {
  const saved = owner.safeParse(jsonOf(text)).data;
  const me = saved && parse(meSchema, saved.me);
  const site = me?.sites.find(({ id: siteId }) => siteId === saved?.siteId);
  if (!me || !site) return null;
  return { me, site, days: parse(z.array(keptDays), saved?.days) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Parses strictly, but accepts unknown fields, which a newer server may have added. */
function parse<T>(schema: z.ZodType<T>, value: unknown): T | null {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  return error.issues.every(({ code }) => code === 'unrecognized_keys') ? (value as T) : null;
}

/** The text of each item is cached: items are immutable. */
const texts = new WeakMap<object, string>();
function textOfItem(item: object): string {
  const cached = texts.get(item);
  if (cached !== undefined) return cached;
  const text = JSON.stringify(item);
  texts.set(item, text);
  return text;
}

const textOf = (value: unknown): string =>
  Array.isArray(value) ? `[${(value as object[]).map(textOfItem).join(',')}]` : JSON.stringify(value);
const textOfBoard = (saved: Board): string =>
  `{${Object.entries(saved)
    .map(([name, value]) => `${JSON.stringify(name)}:${textOf(value)}`)
    .join(',')}}`;

/** Returns the text to save. After a change, only changed items are written anew; the rest is copied. */
export function textOfLastBoard(me: Me, siteId: string, days: readonly KeptDays[]): string {
  const boards = days.map(
    (each) => `{"date":"${each.date}","days":${each.days},"board":${textOfBoard(each.board)}}`,
  );
  return `{"format":1,"me":${JSON.stringify(me)},"siteId":"${siteId}","days":[${boards.join(',')}]}`;
}

/** Returns the items of a board, to write their texts a few at a time before the first save. */
export const itemsOf = (saved: Board): object[] =>
  Object.values(saved).flatMap((value) => (Array.isArray(value) ? (value as object[]) : []));
export const writeTexts = (items: readonly object[]) => items.forEach(textOfItem);
