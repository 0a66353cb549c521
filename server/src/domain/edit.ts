import { Refusal } from './refusal.ts';

type Changes<Thing> = { [Key in keyof Thing]?: Thing[Key] | undefined };

/** Applies the given fields; left-out fields stay as they are. */
export const withChanges = <Thing extends object>(before: Thing, changes: Changes<Thing>): Thing => ({
  ...before,
  ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
});

/** Refuses an edit of an outdated version. */
export function checkVersionSeen(name: string, version: number, seen: number) {
  if (version === seen) return;
  throw new Refusal(
    'stale_version',
    `${name} has changed since you opened it (now version ${version}). Check it before you continue.`,
  );
}

/** A command's key is the id of what it creates, so it must be new. */
export const idInUse = (kind: string) =>
  new Refusal('key_reused', `A ${kind} with this id exists already. Make a new key for each request.`);
