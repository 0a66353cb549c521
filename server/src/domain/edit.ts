import { Refusal } from './refusal.ts';

type Said<Thing> = { [Key in keyof Thing]?: Thing[Key] | undefined };

/** A thing with what was said anew; what was left out stays. */
export const edited = <Thing extends object>(before: Thing, said: Said<Thing>): Thing => ({
  ...before,
  ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
});

/** An edit is made against what its author saw, or not at all. */
export function checkSeen(name: string, version: number, seen: number) {
  if (version === seen) return;
  throw new Refusal(
    'stale_version',
    `${name} has changed since you opened it (now version ${version}). Check it before you continue.`,
  );
}

/** What a command creates has the id of its key; a key that is in use already is not a new one. */
export const idInUse = (what: string) =>
  new Refusal('key_reused', `A ${what} with this id exists already. Make a new key for each request.`);
