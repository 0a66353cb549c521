/**
 * Changes and replies are stored in the words of the day they were written, and read for years: the feed, the history of
 * a case, a reply that is replayed. Each row says in which shape it is; a later version upgrades it when it is read.
 *
 * When `shape.test.ts` says that these words have changed: raise `shape`, add the step that makes a stored part of
 * the old shape one of the new, and keep a fixture of the new shape beside the others.
 */
export const shape = 2;

type Json = Readonly<Record<string, unknown>>;
/** What a change or a reply carries, by the name of its field; in a reply, `cases` are several of `case`. */
type Part = 'case' | 'resource' | 'procedure' | 'block' | 'closure' | 'site';
export type Step = { readonly [Name in Part]?: (part: Json) => Json };

/** The first leads from shape 1 to 2. */
const steps: readonly Step[] = [
  { site: (site) => ({ ...site, settings: { holdsPerPerson: 10, ...(site['settings'] as Json) } }) },
];

/** A stored change or reply in today's words. Throws for what a later version has written. */
export function upgraded(stored: Json, from: number, by: readonly Step[] = steps): Json {
  if (from > by.length + 1)
    throw new Error(`Stored in shape ${from}, and this version knows ${by.length + 1}.`);
  return by.slice(from - 1).reduce(step, stored);
}

const step = (stored: Json, { case: ofCase, ...others }: Step): Json => {
  const byField = { ...others, case: ofCase, cases: ofCase && each(ofCase) };
  return Object.fromEntries(
    Object.entries(stored).map(([field, value]) => {
      const upgrade = byField[field as keyof typeof byField] as ((part: unknown) => unknown) | undefined;
      return [field, upgrade && typeof value === 'object' && value !== null ? upgrade(value) : value];
    }),
  );
};

const each = (upgrade: (part: Json) => Json) => (parts: unknown) => (parts as Json[]).map(upgrade);
