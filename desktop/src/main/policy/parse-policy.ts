import type { ConsolePolicy, ProgramFacts } from '../../bridge.ts';
import { inWords, policyNames, policySettings } from './policy-settings.ts';
import type { PolicyName, PolicyValue } from './policy-settings.ts';

/** One value as it was found. */
export type Entry = { name: string; value: unknown; isRecommended: boolean };
/** What was not used, and why. */
type Refusal = { name: string; why: string };
/** What a place has, before any value is checked. */
export type Found = { entries: readonly Entry[]; refused: readonly Refusal[] };

type Settings = {
  readonly [Name in PolicyName]?: { readonly value: PolicyValue<Name>; readonly isLocked: boolean };
};
export type Policy = {
  /** Where it was read; null: there is none. */
  readonly source: string | null;
  readonly settings: Settings;
  readonly refused: readonly Refusal[];
};

/** Values of this key are recommended. */
export const recommendedKey = 'Recommended';

/** So that a damaged policy does not fill the log and About. */
const maxRefused = 50;

/** Checks every value by itself: a wrong one is refused and named, and the others apply. */
export function parsePolicy(source: string, { entries, refused: unread }: Found): Policy {
  const settings: Record<string, { value: unknown; isLocked: boolean }> = {};
  const refused = [...unread];
  for (const { name, value, isRecommended } of entries) {
    const known = policyNames.find((each) => each === name);
    const refuse = (why: string) => refused.push({ name, why });
    if (!known) refuse('Slate has no such setting.');
    else if (isRecommended && !policySettings[known].canRecommend)
      refuse(`Nobody can change it at the workstation, so it can’t be under ${recommendedKey}.`);
    else {
      const parsed = policySettings[known].schema.safeParse(value);
      if (!parsed.success) refuse(parsed.error.issues[0]?.message ?? 'It isn’t valid.');
      // What is locked counts more than what is recommended.
      else if (!settings[known]?.isLocked) settings[known] = { value: parsed.data, isLocked: !isRecommended };
    }
  }
  return { source, settings, refused: refused.slice(0, maxRefused).map(printable) };
}

/** A name from a damaged file may be anything. */
const printable = ({ name, why }: Refusal): Refusal => ({
  name: name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80),
  why,
});

/** The part that the console follows by itself. */
export const consolePolicyOf = ({ settings }: Policy): ConsolePolicy => ({
  isServerLocked: settings.ServerAddress?.isLocked ?? false,
  isWallBoard: settings.WallBoard?.value ?? false,
  site: settings.Site ?? null,
  idleMinutes: settings.IdleMinutes ?? null,
  holdTime: settings.HoldTime ?? null,
});

/** The policy for About. */
export const describePolicy = ({ source, settings, refused }: Policy): ProgramFacts['policy'] => ({
  source,
  settings: policyNames.flatMap((name) => {
    const set = settings[name];
    if (!set) return [];
    const { title } = policySettings[name];
    return [{ name, title, value: inWords(name, set.value), isLocked: set.isLocked }];
  }),
  refused: [...refused],
});
