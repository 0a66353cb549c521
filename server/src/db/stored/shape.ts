/**
 * Changes and replies are stored in the shape of their day and read for years: the feed, the history of a case, a
 * replayed reply. Each row says which shape it has; later versions upgrade it on reading.
 *
 * When `shape.test.ts` says that the shape has changed: raise `shape`, add the step that turns a stored part of the
 * old shape into the new one, and add a fixture of the new shape.
 */
export const shape = 11;

type Json = Readonly<Record<string, unknown>>;
/** A part of a change or a reply, by its field; `cases` in a reply is a list of `case`. */
type Part = 'case' | 'resource' | 'procedure' | 'block' | 'closure' | 'site';
export type Step = { readonly [Name in Part]?: (part: Json) => Json };

const withSettings = (added: Json) => (site: Json) => ({
  ...site,
  settings: { ...added, ...(site['settings'] as Json) },
});

/** The first step leads from shape 1 to 2. */
const steps: readonly Step[] = [
  { site: withSettings({ holdsPerPerson: 10 }) },
  { site: withSettings({ offlineHours: 72, queueHours: 24 }) },
  { site: withSettings({ updateChannel: 'stable', updatePercent: 100, updatesPaused: false }) },
  { site: withSettings({ blockWeeks: 26 }) },
  {
    case: (item) => ({
      ...item,
      reasonCode: null,
      overrideReasonCode: null,
      delayReason: null,
      delayReasonCode: null,
    }),
    site: (site) => ({ ...site, reasons: [] }),
  },
  { procedure: (item) => ({ ...item, turnoverByRoom: [] }) },
  // Resources have handling, which may be missing.
  {},
  // Blocks may belong to a group.
  {},
  // Rooms may have a position.
  {},
  { site: withSettings({ wallProcedures: true, wallSurgeons: true, wallNumbers: true }) },
];

/** Upgrades a stored change or reply to the current shape. Throws for a shape of a later version. */
export function upgradeStored(stored: Json, from: number, by: readonly Step[] = steps): Json {
  if (from > by.length + 1)
    throw new Error(`Stored in shape ${from}; this version supports up to ${by.length + 1}.`);
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
