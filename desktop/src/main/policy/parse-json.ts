import { nothingUsed, recommendedKey } from './parse-policy.ts';
import type { Entry, PolicyContents } from './parse-policy.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the settings of a JSON document. `name` is the name of the document. */
export function parseJsonPolicy(name: string, bytes: Buffer): PolicyContents {
  let text: string;
  let document: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    document = JSON.parse(text);
  } catch {
    return nothingUsed(name, 'It isn’t valid JSON in UTF-8, so nothing in it is used.');
  }
  if (!isObject(document)) return nothingUsed(name, 'It isn’t a JSON object, so nothing in it is used.');
  const { [recommendedKey]: recommended, ...locked } = document;
  const refused = repeatedKeys(text).map((key) => ({
    name: key,
    why: 'It appears more than once, so it isn’t used.',
  }));
  if (recommended !== undefined && !isObject(recommended))
    refused.push({ name: recommendedKey, why: 'Must be an object with the recommended settings.' });
  const isRepeated = (key: string) => refused.some((each) => each.name === key);
  const entriesOf = (part: object, isRecommended: boolean): Entry[] =>
    Object.entries(part).map(([key, value]) => ({ name: key, value: value as unknown, isRecommended }));
  return {
    entries: [
      ...entriesOf(locked, false),
      ...(isObject(recommended) ? entriesOf(recommended, true) : []),
    ].filter(({ name: key }) => !isRepeated(key)),
    refused,
  };
}

/** The keys that one object of a valid document has more than once: the parser would silently take the last one. */
function repeatedKeys(text: string): string[] {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}:]/g) ?? [];
  const repeated = new Set<string>();
  const open: Set<string>[] = [];
  tokens.forEach((token, at) => {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token !== ':' && tokens[at + 1] === ':') {
      const key = JSON.parse(token) as string;
      if (open.at(-1)?.has(key)) repeated.add(key);
      open.at(-1)?.add(key);
    }
  });
  return [...repeated];
}
