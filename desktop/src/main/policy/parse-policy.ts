import type { ConsolePolicy, ProgramFacts } from '../../bridge.ts';
import { inWords, policyNames, policySettings } from './policy-settings.ts';
import type { PolicyName, PolicyValue } from './policy-settings.ts';

/** One value as it was found. */
export type Entry = { name: string; value: unknown; isRecommended: boolean };
/** A value that was not used, and why. */
type Refusal = { name: string; why: string };
/** The unchecked values of a place. */
export type PolicyContents = { entries: readonly Entry[]; refused: readonly Refusal[] };

/** The contents of a place that cannot be used. */
export const nothingUsed = (name: string, why: string): PolicyContents => ({
  entries: [],
  refused: [{ name, why }],
});

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

/** A damaged policy must not fill the log and About. */
const maxRefused = 50;

/** Checks each value separately: an invalid one is refused, and the others apply. */
export function parsePolicy(source: string, { entries, refused: unreadable }: PolicyContents): Policy {
  const settings: Record<string, { value: unknown; isLocked: boolean }> = {};
  const refused = [...unreadable];
  for (const { name, value, isRecommended } of entries) {
    const settingName = policyNames.find((each) => each === name);
    const refuse = (why: string) => refused.push({ name, why });
    if (!settingName) refuse('Slate has no such setting.');
    else if (isRecommended && !policySettings[settingName].canRecommend)
      refuse(`Nobody can change it at the workstation, so it can’t be under ${recommendedKey}.`);
    else {
      const parsed = policySettings[settingName].schema.safeParse(value);
      if (!parsed.success) refuse(parsed.error.issues[0]?.message ?? 'It isn’t valid.');
      // A locked value wins over a recommended one.
      else if (!settings[settingName]?.isLocked)
        settings[settingName] = { value: parsed.data, isLocked: !isRecommended };
    }
  }
  return { source, settings, refused: refused.slice(0, maxRefused).map(printable) };
}

/** A name from a damaged file may contain any character. */
const printable = ({ name, why }: Refusal): Refusal => ({
  name: name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80),
  why,
});

/** The part of the policy that the console applies. */
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
    const setting = settings[name];
    if (!setting) return [];
    const { title } = policySettings[name];
    return [{ name, title, value: inWords(name, setting.value), isLocked: setting.isLocked }];
  }),
  refused: [...refused],
});
