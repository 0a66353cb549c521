/** The folders of the desks of a workstation: `<folder>/<server>/<site>_<person>`. No host of a server contains a `+`. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DeskOf } from '../bridge.ts';
import { asideMark, card, isNamed } from '../desk/desk-store.ts';
import type { Card, NamedCard } from '../desk/desk-store.ts';

const serverFolder = (folder: string, server: string) =>
  join(folder, server.replaceAll(/[^a-z\d._-]+/g, '+'));

const nameOf = ({ personId, siteId }: DeskOf) => `${siteId}_${personId}`;
/** The folder of a desk. */
export const placeOf = (folder: string, server: string, of: DeskOf) =>
  join(serverFolder(folder, server), nameOf(of));

const files = { card: 'desk.json', keys: 'keys', log: 'log', board: 'board' };
export const fileOf = (place: string, name: keyof typeof files) => join(place, files[name]);

/** The folder of a desk, and its copies that were set aside. */
export const withAsides = (place: string): string[] =>
  entriesOf(dirname(place))
    .filter((name) => name === basename(place) || name.startsWith(basename(place) + asideMark))
    .map((name) => join(dirname(place), name));

/** Null: there is no card, or it belongs to another server or desk, for example after a copy. */
export function readCard(place: string, server: string): Card | null {
  try {
    const stored = card.parse(JSON.parse(readFileSync(fileOf(place, 'card'), 'utf8')));
    return stored.server === server && basename(place) === nameOf(stored) ? stored : null;
  } catch {
    return null;
  }
}

/** The desks for this server that were opened at least once. */
export const namedCards = (folder: string, server: string): NamedCard[] =>
  entriesOf(serverFolder(folder, server)).flatMap((name) => {
    const stored = readCard(join(serverFolder(folder, server), name), server);
    return stored && isNamed(stored) ? [stored] : [];
  });

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
