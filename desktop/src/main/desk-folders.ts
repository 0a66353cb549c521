/** The folders of the desks of a workstation: `<folder>/<server>/<site>_<person>`. No host of a server contains a `+`. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { id } from '@slate/shared/fields';
import { z } from 'zod';
import type { DeskOf } from '../bridge.ts';

/** The part of a desk that can be read without its key. The names are missing until it is first opened. */
const card = z.strictObject({
  server: z.string(),
  personId: id,
  siteId: id,
  device: id,
  names: z.strictObject({ email: z.string(), name: z.string(), siteName: z.string() }).nullable(),
});
export type Card = z.infer<typeof card>;
/** A desk that was opened. */
export type Named = Card & { names: NonNullable<Card['names']> };
export const isNamed = <Any extends Card>(found: Any): found is Any & Named => found.names !== null;

/** Authenticated with everything that is encrypted at a desk. */
export const bindingOf = ({ server, personId, siteId, device }: Card) =>
  `slate desk 1 ${server} ${personId} ${siteId} ${device}`;

const serverFolder = (folder: string, server: string) =>
  join(folder, server.replaceAll(/[^a-z\d._-]+/g, '+'));

const nameOf = ({ personId, siteId }: DeskOf) => `${siteId}_${personId}`;
/** The folder of a desk. */
export const placeOf = (folder: string, server: string, of: DeskOf) =>
  join(serverFolder(folder, server), nameOf(of));

const files = { card: 'desk.json', keys: 'keys', log: 'log', board: 'board' };
export const fileOf = (place: string, name: keyof typeof files) => join(place, files[name]);

/** The folder of a desk that is set aside. */
export const asideOf = (place: string) =>
  `${place}${aside}${new Date().toISOString().replaceAll(/[:.]/g, '')}`;
const aside = '.aside-';

/** A desk and everything of it that was put aside. */
export const withAsides = (place: string): string[] =>
  entriesOf(dirname(place))
    .filter((name) => name === basename(place) || name.startsWith(basename(place) + aside))
    .map((name) => join(dirname(place), name));

/** Null: there is none, or it is not that of this server, as after a copy. */
export function readCard(place: string, server: string): Card | null {
  try {
    const found = card.parse(JSON.parse(readFileSync(fileOf(place, 'card'), 'utf8')));
    return found.server === server && basename(place) === nameOf(found) ? found : null;
  } catch {
    return null;
  }
}

/** The desks for this server that were opened at least once. */
export const desksIn = (folder: string, server: string): (Named & { place: string })[] =>
  entriesOf(serverFolder(folder, server)).flatMap((name) => {
    const place = join(serverFolder(folder, server), name);
    const found = readCard(place, server);
    return found && isNamed(found) ? [{ ...found, place }] : [];
  });

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
