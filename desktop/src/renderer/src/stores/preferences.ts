import { z } from 'zod';
import { createStore } from 'zustand/vanilla';
import { policyStore } from './policy.ts';

const preferences = z.object({
  theme: z.enum(['auto', 'light', 'dark']).default('auto'),
  layout: z.enum(['lanes', 'columns']).default('lanes'),
  rowHeight: z.union([z.literal(28), z.literal(40), z.literal(56)]).default(40),
  pixelsPerHour: z.number().min(30).max(480).default(112),
  /** Single-key shortcuts. Off for people who dictate or press keys by accident. */
  singleKeys: z.boolean().default(true),
  lockAfterMinutes: z.number().min(1).max(60).default(10),
  /** Shows the rest of a hold as the time left, or as the time at which it ends. */
  holdTime: z.enum(['countdown', 'end']).default('countdown'),
  /** People who have signed in here, latest first, so that they need not type their address again. */
  people: z
    .array(
      z.object({
        email: z.string(),
        name: z.string(),
        /** Proves that they have signed in here before, so that password guesses elsewhere do not lock them out here. */
        workstation: z.string().optional(),
      }),
    )
    .default([]),
});
export type Preferences = z.infer<typeof preferences>;

const storageKey = 'slate.preferences';

/** Only what people have chosen here, so that everything else follows the policy. */
let chosen = readChosen();

function readChosen(): Partial<Preferences> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '{}');
    preferences.parse(stored);
    return stored as Partial<Preferences>;
  } catch {
    return {};
  }
}

/** The preferences that a policy can set, if it is locked or if it is not. */
function byPolicy(isLocked: boolean): Partial<Preferences> {
  const { idleMinutes, holdTime } = policyStore.getState();
  return {
    ...(idleMinutes?.isLocked === isLocked && { lockAfterMinutes: idleMinutes.value }),
    ...(holdTime?.isLocked === isLocked && { holdTime: holdTime.value }),
  };
}
const inForce = () => preferences.parse({ ...byPolicy(false), ...chosen, ...byPolicy(true) });

/** The preferences of this workstation, not of a person. Never store anything about patients here. */
export const preferencesStore = createStore<Preferences>(inForce);
policyStore.subscribe(() => preferencesStore.setState(inForce()));

export function setPreferences(change: Partial<Preferences>) {
  chosen = { ...chosen, ...change };
  preferencesStore.setState(inForce());
  localStorage.setItem(storageKey, JSON.stringify(chosen));
}

export function rememberPerson(person: Preferences['people'][number]) {
  const { people } = preferencesStore.getState();
  const before = people.find(({ email }) => email === person.email);
  const others = people.filter((each) => each !== before);
  setPreferences({ people: [{ ...before, ...person }, ...others].slice(0, 6) });
}
