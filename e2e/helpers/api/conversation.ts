/**
 * Recorded conversations between a console and a server. Everything that differs from one hospital and day to the next is a
 * placeholder: `<users.coordinator>` and other ids of the test hospital, `<id 3>`, `<day+12>`, `<now>`, `<secret 2>`; `<text>` for the
 * sentences of a refusal, which may change.
 */
import { randomUUID } from 'node:crypto';
import { addDays } from '@slate/shared/time';
import type { Hospital } from '../../../server/test/hospital.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A request and its reply. `by`: the role of the caller; null: nobody is signed in. */
export type Exchange = {
  method: string;
  path: string;
  by: string | null;
  key: string | null;
  body: Json;
  status: number;
  reply: Json;
};

export type Conversation = {
  /** The range of protocol versions that the console spoke. */
  protocol: { lowest: number; highest: number };
  exchanges: Exchange[];
  /** The messages of the live feed, from before the first exchange to after the last one. */
  feed: { followed: Json; changes: Json[]; heartbeat: Json; presence: Json };
};

const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g;
const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const date = /(?<![\d-])\d{4}-\d\d-\d\d(?![\dT-])/g;
const placeholder = /<[^<>]+>/g;
const secrets = ['accessToken', 'refreshToken', 'workstation', 'secret'];

/** Planned times are at least this many days ahead. Earlier times are those of the conversation. */
const plannedAfterDays = 5;
const daysAhead = (day: string) => Math.round((Date.parse(day) - Date.parse(today())) / 86_400_000);
const today = () => new Date().toISOString().slice(0, 10);

const namedIds = [
  'siteId',
  'rooms',
  'surgeons',
  'equipment',
  'beds',
  'list',
  'procedure',
  'session',
  'users',
] as const;
/** The ids of the test hospital by name, such as `rooms.0`. */
export function namesOf(hospital: Hospital) {
  const names = new Map<string, string>();
  const add = (name: string, value: unknown) => {
    if (typeof value === 'string') names.set(name, value);
    else for (const [part, each] of Object.entries(value as object)) add(`${name}.${part}`, each);
  };
  for (const name of namedIds) add(name, hospital[name]);
  return names;
}

/** Returns a function that replaces ids, times and secrets by placeholders. */
export function createRecorder(names: ReadonlyMap<string, string>) {
  const known = new Map([...names].map(([name, id]) => [id, `<${name}>`]));
  const nameOf = (kind: 'id' | 'secret', value: string) => {
    const name = known.get(value) ?? `<${kind} ${known.size}>`;
    known.set(value, name);
    return name;
  };
  const text = (value: string) =>
    known.get(value) ??
    value
      .replace(uuid, (id) => nameOf('id', id))
      .replace(instant, (at) =>
        daysAhead(at.slice(0, 10)) >= plannedAfterDays
          ? `<day+${daysAhead(at.slice(0, 10))} ${at.slice(11)}>`
          : '<now>',
      )
      .replace(date, (day) => (daysAhead(day) >= plannedAfterDays ? `<day+${daysAhead(day)}>` : '<today>'));
  const record = (value: Json, key = ''): Json => {
    if (typeof value === 'string') return secrets.includes(key) ? nameOf('secret', value) : text(value);
    if (Array.isArray(value)) return value.map((each) => record(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, record(each, name)]));
  };
  return record;
}

const sentences = ['detail', 'title', 'reason'];
/** A refusal without its sentences. */
export function withoutSentences(value: Json, key = ''): Json {
  if (typeof value === 'string') return sentences.includes(key) ? '<text>' : value;
  if (Array.isArray(value)) return value.map((each) => withoutSentences(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withoutSentences(each, name)]),
  );
}

/** The values of placeholders, from the hospital and from the replies so far. */
export type Values = Map<string, string>;

/** Replaces placeholders by their values. An unknown id gets a new one, such as the key of a command. */
export function fill(value: Json, values: Values): Json {
  if (typeof value === 'string')
    return value.replace(placeholder, (whole) => {
      const name = whole.slice(1, -1);
      const [, days, time] = /^day\+(\d+)(?: (.*))?$/.exec(name) ?? [];
      if (days !== undefined) return [addDays(today(), Number(days)), time].filter(Boolean).join('T');
      if (name === 'text') return 'A sentence.';
      if (name === 'now') return new Date().toISOString();
      if (name === 'today') return today();
      const found = values.get(name) ?? randomUUID();
      values.set(name, found);
      return found;
    });
  if (Array.isArray(value)) return value.map((each) => fill(each, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each, values)]));
}

/**
 * Lists the differences between the recorded and the received reply that break an older program. Additions and another order of
 * a list do not. Gives new placeholders their values.
 */
export function differences(recorded: Json, received: Json | undefined, values: Values, at = ''): string[] {
  const differs = (what: string) => [`${at || 'the reply'}: ${what}`];
  if (received === undefined) return differs('is missing');
  if (typeof recorded === 'string')
    return typeof received === 'string' && isSameText(recorded, received, values)
      ? []
      : differs(`${JSON.stringify(received)} instead of ${JSON.stringify(recorded)}`);
  if (Array.isArray(recorded)) {
    if (!Array.isArray(received)) return differs('is no list');
    if (received.length !== recorded.length)
      return differs(`${received.length} elements instead of ${recorded.length}`);
    const unmatched = [...received];
    return recorded.flatMap((each, index) => {
      for (const [place, candidate] of unmatched.entries()) {
        const candidateValues = new Map(values);
        if (differences(each, candidate, candidateValues).length > 0) continue;
        for (const [name, value] of candidateValues) values.set(name, value);
        unmatched.splice(place, 1);
        return [];
      }
      return differences(each, unmatched.shift(), values, `${at}[${index}]`);
    });
  }
  if (typeof recorded === 'object' && recorded !== null) {
    if (typeof received !== 'object' || received === null || Array.isArray(received))
      return differs('is no object');
    return Object.entries(recorded).flatMap(([name, each]) =>
      differences(each, received[name], values, `${at}.${name}`),
    );
  }
  return recorded === received
    ? []
    : differs(`${JSON.stringify(received)} instead of ${JSON.stringify(recorded)}`);
}

const escaped = (text: string) => text.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

/** A placeholder matches its value; a new placeholder matches any text of its kind. */
function isSameText(recorded: string, received: string, values: Values): boolean {
  const parts = recorded.split(/(<[^<>]+>)/);
  const names: string[] = [];
  const pattern = parts.map((part) => {
    const name = /^<([^<>]+)>$/.exec(part)?.[1];
    if (name === undefined) return escaped(part);
    if (name === 'text') return String.raw`[\s\S]*`;
    if (name === 'now') return instant.source;
    if (name === 'today') return date.source;
    if (name.startsWith('day+')) return escaped(fill(part, values) as string);
    const known = values.get(name);
    if (known !== undefined) return escaped(known);
    names.push(name);
    return name.startsWith('secret') ? '(\\S+)' : `(${uuid.source})`;
  });
  const found = new RegExp(`^${pattern.join('')}$`).exec(received);
  for (const [index, name] of names.entries()) if (found) values.set(name, found[index + 1] ?? '');
  return found !== null;
}
