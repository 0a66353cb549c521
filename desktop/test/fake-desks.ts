import { changeOfWaiting } from '@slate/shared/queue';
import type { QueueRecord } from '@slate/shared/queue';
import type { Desk, DeskOf, DeskStore, OpenDeskInput } from '../src/bridge.ts';

/** A desk on the fake disk. */
export type FakeDesk = DeskOf & {
  device: string;
  names: { email: string; name: string; siteName: string } | null;
  secret: string | null;
  offline: { password: string; hours: number; signedInAt: number; wrong: number; wrongAt: number } | null;
  records: QueueRecord[];
  board: string | null;
  /** Why it cannot be read. */
  broken: 'key' | 'safe' | 'damaged' | null;
};

const hourMs = 3_600_000;

/**
 * Fakes the desks of the desktop program in memory, with the same answers and refusals. `disk` and the key in the keyring
 * survive `restart`.
 */
export function createFakeDesks() {
  const disk = new Map<string, FakeDesk>();
  const asideDesks = new Map<string, FakeDesk>();
  let open: FakeDesk | null = null;
  /** The key in the system's keyring. */
  let keyring: { desk: FakeDesk; usedAt: number } | null = null;
  /** Writes are refused with this sentence. */
  let refusal: string | null = null;
  /** Whether the browser may delete the next desk by itself. */
  let mayVanish = false;

  const nameOf = ({ personId, siteId }: DeskOf) => `${personId} ${siteId}`;
  const begin = (desk: FakeDesk): Desk => {
    open = desk;
    keyring = { desk, usedAt: Date.now() };
    return describe(desk);
  };
  const describe = ({ personId, siteId, names, device, records, board }: FakeDesk): Desk => ({
    personId,
    siteId,
    ...(names ?? { email: '', name: '', siteName: '' }),
    device,
    records: [...records],
    damage: null,
    board,
  });
  const currentDesk = (): FakeDesk => {
    if (refusal !== null) throw new Error(refusal);
    if (!open) throw new Error('Nothing was saved: the desk is locked. Unlock it, then try again.');
    return open;
  };
  const waitingIn = ({ records }: FakeDesk) =>
    records.reduce<number>((count, record) => count + changeOfWaiting(record), 0);
  const waitMs = (desk: FakeDesk) => {
    const { wrong, wrongAt } = desk.offline ?? { wrong: 0, wrongAt: 0 };
    return wrong === 0 ? 0 : 1000 * 2 ** (wrong - 1) - (Date.now() - wrongAt);
  };
  const hasExpired = ({ offline }: FakeDesk) =>
    offline !== null && Date.now() - offline.signedInAt >= offline.hours * hourMs;

  const bridge: DeskStore = {
    deskDevice: (of) => {
      const existing = disk.get(nameOf(of));
      if (existing) return Promise.resolve(existing.device);
      const device = crypto.randomUUID();
      const empty = { names: null, secret: null, offline: null, records: [], board: null, broken: null };
      disk.set(nameOf(of), { ...of, device, ...empty });
      return Promise.resolve(device);
    },
    openDesk: async (input: OpenDeskInput) => {
      open = null;
      const desk = disk.get(nameOf(input));
      if (desk?.device !== input.device) throw new Error('This workstation is registered again.');
      const isKey = desk.secret === null || desk.secret === input.secret;
      const why = desk.broken ?? (isKey || desk.offline?.password === input.password ? null : 'key');
      if (why !== null) return { result: 'unreadable', why, location: `/desks/${desk.device}` };
      desk.secret = input.secret;
      desk.names = { email: input.email, name: input.name, siteName: input.siteName };
      const { password, offlineHours: hours } = input;
      if (hours === 0) desk.offline = null;
      else if (password !== null)
        desk.offline = { password, hours, signedInAt: Date.now(), wrong: 0, wrongAt: 0 };
      return Promise.resolve({ result: 'opened', desk: begin(desk), mayVanish });
    },
    unlockDesk: async ({ email, password }) => {
      const desk = [...disk.values()].find(({ names }) => names?.email === email);
      const impossible = (why: 'nobody' | 'too_long_ago' | 'switched_off' | 'unreadable') =>
        ({ result: 'impossible', why }) as const;
      if (!desk) return impossible('nobody');
      if (desk.broken) return impossible('unreadable');
      const { offline } = desk;
      if (!offline) return impossible('switched_off');
      if (hasExpired(desk)) return impossible('too_long_ago');
      open = null;
      if (waitMs(desk) > 0) return { result: 'wait', waitMs: waitMs(desk) };
      if (password !== offline.password) {
        offline.wrong += 1;
        offline.wrongAt = Date.now();
        return { result: 'wrong', waitMs: waitMs(desk) };
      }
      offline.wrong = 0;
      return Promise.resolve({ result: 'opened', desk: begin(desk) });
    },
    resumeDesk: (idleMs) => {
      if (keyring && Date.now() - keyring.usedAt >= idleMs) [open, keyring] = [null, null];
      open ??= keyring?.desk ?? null;
      return Promise.resolve(open && describe(open));
    },
    closeDesk: () => {
      [open, keyring] = [null, null];
      return Promise.resolve();
    },
    appendToLog: async (records) => {
      currentDesk().records.push(...records);
      return Promise.resolve();
    },
    saveBoard: async (board) => {
      currentDesk().board = board;
      return Promise.resolve();
    },
    desks: () =>
      Promise.resolve(
        [...disk.values()].flatMap((desk) =>
          desk.names
            ? [
                {
                  personId: desk.personId,
                  siteId: desk.siteId,
                  ...desk.names,
                  waiting: waitingIn(desk),
                  canUnlock: desk.offline !== null && !desk.broken && !hasExpired(desk),
                  unlockUntil:
                    desk.offline &&
                    new Date(desk.offline.signedInAt + desk.offline.hours * hourMs).toISOString(),
                  isReadable: !desk.broken,
                },
              ]
            : [],
        ),
      ),
    setDeskAside: async (of) => {
      const desk = disk.get(nameOf(of));
      if (!desk?.broken) throw new Error('This desk can be read, so it stays where it is.');
      const aside = `/desks/${desk.device}.aside`;
      asideDesks.set(aside, desk);
      disk.delete(nameOf(of));
      return Promise.resolve({ location: aside });
    },
    eraseDesk: (of) => {
      if (open && nameOf(open) === nameOf(of)) open = null;
      disk.delete(nameOf(of));
      return Promise.resolve();
    },
  };
  return {
    bridge,
    disk,
    /** The desks that were set aside, by their new places. */
    aside: asideDesks,
    isOpen: () => open !== null,
    /** Restarts the program: only the keyring still has the key. */
    restart: () => {
      open = null;
    },
    refuseToSave: (sentence: string | null) => {
      refusal = sentence;
    },
    vanish: () => {
      mayVanish = true;
    },
    clear: () => {
      disk.clear();
      asideDesks.clear();
      [open, keyring, refusal, mayVanish] = [null, null, null, false];
    },
  };
}
