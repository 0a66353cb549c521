import { hasBegun, hasLeft, mayFrom, stateAfter } from '@slate/shared/case-state';
import type { CaseCommand, CaseState, Milestone } from '@slate/shared/case-state';

// A small hospital in memory: the expected result of a sequence of commands, computed minute by minute for every
// resource. The clock is an input.

export type Needs = {
  minutes: number;
  surgeon: number | null;
  /** The number of C-arms. */
  equipment: number;
  nights: number;
  patient: string | null;
};
export type Spot = { room: number; start: number };
export type ModelCase = Needs & {
  state: CaseState;
  version: number;
  spot: Spot | null;
  holder: string | null;
  heldSince: number;
  expiresAt: number;
  /** It returns to the depot when its hold ends. */
  fromDepot: boolean;
  facts: Partial<Record<Milestone, string>>;
  /** Its state before the first milestone. */
  planned: CaseState;
  /** Its claims, and when its patient is in the room. */
  claims: Claim[];
  stay: Stretch[];
};

type Booking = 'scheduled' | 'confirmed';

export type Step = { by: string; stale?: boolean } & (
  | ({ do: 'hold'; spot: Spot } & Needs)
  | ({ do: 'depot' } & Needs)
  | { do: 'book' | 'confirm' | 'release' | 'extend' | 'takeover' | 'bump' | 'cancel' | 'void'; which: number }
  | { do: 'place'; which: number; spot: Spot; to: Booking | null }
  | { do: 'save'; which: number; edit: Partial<Needs>; spot: Spot | null; to: Booking | null }
  | { do: 'moves'; which: number; other: number; spots: [Spot, Spot] }
  | { do: 'move'; which: number; spot: Spot; minutes: number | null }
  | { do: 'change'; which: number; edit: Partial<Needs> }
  | { do: 'swap'; which: number; other: number }
  | { do: 'milestone'; which: number; milestone: Milestone; withdrawn: boolean }
  | { do: 'wait'; seconds: number }
  | { do: 'sweep' }
);

/** `to` is exclusive. */
type Stretch = { from: number; to: number };
type Claim = Stretch & { resource: string; quantity: number };
const capacities: Record<string, number> = { 'C-arm': 2, PACU: 3 };
const capacityOf = (resource: string) => capacities[resource] ?? 1;

const holdSeconds = 120;
const holdLimitSeconds = 600;
const turnover = 10;
const leaving = 10;

/** The indexes of the cases a step refers to; empty if there are none. */
export function targetsOf(step: Step, count: number): number[] {
  if (!('which' in step) || count === 0) return [];
  const which = step.which % count;
  if (step.do !== 'swap' && step.do !== 'moves') return [which];
  const other = step.other % count;
  return other === which ? [] : [which, other];
}

type ClaimOptions = { fact?: boolean; needsReason?: string[] };

class ModelRefusal extends Error {}
const refuse = (code: string): never => {
  throw new ModelRefusal(code);
};

export class Model {
  cases: ModelCase[] = [];
  /** In seconds. */
  #now = 0;
  /** The minute of all recorded milestones, long before everything planned. */
  readonly #recordedAt: number;

  constructor(recordedAt: number) {
    this.#recordedAt = recordedAt;
  }

  /** `ok`, or the code of the refusal. */
  run(step: Step): string {
    this.#now += 0.001;
    const before = this.cases.map((item) => ({ ...item }));
    try {
      this.#do(step);
      return 'ok';
    } catch (error) {
      if (!(error instanceof ModelRefusal)) throw error;
      this.cases = before;
      return error.message;
    }
  }

  claims(): Claim[] {
    return this.cases.flatMap((item) => item.claims);
  }

  #do(step: Step): void {
    if ('which' in step) this.#onCase(step);
    else if (step.do === 'wait') this.#now += step.seconds;
    else if (step.do === 'sweep') this.#sweep();
    else if (step.do === 'depot') this.cases.push({ ...fresh(step), fromDepot: true });
    else {
      const item = this.#held({ ...fresh(step), state: 'held', spot: step.spot }, step.by);
      this.#claim([[null, item]]);
      this.cases.push(item);
    }
  }

  #sweep(): void {
    for (const item of this.cases) if (this.#isOverdue(item)) end(item);
  }

  #onCase(step: Extract<Step, { which: number }>): void {
    const [item, other] = targetsOf(step, this.cases.length).flatMap((index) => this.cases[index] ?? []);
    if (!item) return;
    const { by } = step;
    const hasVersion = !['book', 'confirm', 'release', 'extend', 'takeover', 'milestone'].includes(step.do);
    const stale = hasVersion && step.stale === true;
    switch (step.do) {
      case 'book': {
        this.#check(item, 'book', by);
        const after = booked(item, 'scheduled');
        this.#become(item, after, hasBegun(after.state));
        return;
      }
      case 'confirm':
        this.#check(item, 'confirm', by);
        this.#become(item, { ...item, state: 'confirmed' }, false);
        return;
      case 'release':
        this.#check(item, 'release', by);
        this.#become(item, ended(item, 'released'), true);
        return;
      case 'extend': {
        this.#check(item, 'extend', by);
        const expiresAt = this.#extended(item);
        if (expiresAt <= item.expiresAt) refuse('in_use');
        this.#become(item, { ...item, expiresAt }, false);
        return;
      }
      case 'takeover':
        this.#check(item, 'takeover', null);
        this.#become(item, { ...item, holder: by, expiresAt: this.#extended(item) }, false);
        return;
      case 'bump':
      case 'cancel':
      case 'void': {
        this.#check(item, step.do, null, stale);
        const state = ({ bump: 'depot', cancel: 'cancelled', void: 'voided' } as const)[step.do];
        this.#become(
          item,
          step.do === 'bump' ? { ...waiting(item), fromDepot: true } : { ...item, state },
          true,
        );
        return;
      }
      case 'place': {
        this.#check(item, 'place', null, stale);
        const held = this.#held({ ...item, state: 'held', spot: step.spot, facts: {} }, by);
        this.#become(item, step.to === null ? held : booked(held, step.to), true);
        return;
      }
      case 'save': {
        const { edit, spot, to } = step;
        const isChanged = Object.keys(edit).length > 0 || (spot === null && to === null);
        const commands: CaseCommand[] = to === null ? [] : [to === 'scheduled' ? 'book' : 'confirm'];
        if (spot !== null) commands.push('move');
        if (isChanged) commands.push('change');
        this.#check(item, commands, by, stale);
        const after = { ...item, ...edit, spot: spot ?? item.spot };
        const settled = to === null ? after : booked(after, to);
        this.#become(item, settled, isChanged || spot !== null || hasBegun(settled.state), {
          needsReason: addedTo(item, after),
        });
        return;
      }
      case 'move':
        this.#check(item, 'move', by, stale);
        this.#become(item, { ...item, spot: step.spot, minutes: step.minutes ?? item.minutes }, true);
        return;
      case 'change': {
        this.#check(item, 'change', by, stale);
        const after = { ...item, ...step.edit };
        this.#become(item, after, true, { needsReason: addedTo(item, after) });
        return;
      }
      case 'milestone': {
        const { [step.milestone]: recorded, ...remaining } = item.facts;
        if (step.withdrawn && recorded === undefined) refuse('validation');
        const facts = step.withdrawn ? remaining : { ...remaining, [step.milestone]: 'recorded' };
        const after = { ...item, facts, state: stateAfter(item.state, facts, item.planned) };
        const [oldClaims, newClaims] = [item, after].map((each) => JSON.stringify(this.#claimsOf(each)));
        this.#become(item, after, oldClaims !== newClaims, { fact: true });
        return;
      }
      case 'swap':
        if (other) this.#moves([item, other], [other.spot, item.spot], by, stale);
        return;
      case 'moves':
        if (other) this.#moves([item, other], step.spots, by, stale);
    }
  }

  /** `stale`: the version of the first one. */
  #moves(
    [first, second]: [ModelCase, ModelCase],
    [to, toOther]: [Spot | null, Spot | null],
    by: string,
    stale: boolean,
  ): void {
    this.#check(first, 'move', by, stale);
    this.#check(second, 'move', by);
    const pairs: [ModelCase, ModelCase][] = [
      [first, { ...first, spot: to }],
      [second, { ...second, spot: toOther }],
    ];
    this.#claim(pairs);
    for (const [item, after] of pairs) assign(item, after);
  }

  /** Checks the hold, then version, state and holder; `by` null: anyone's hold. */
  #check(item: ModelCase, required: CaseCommand | CaseCommand[], by: string | null, stale = false): void {
    const commands = [required].flat();
    const ofHolds = ['book', 'release', 'extend', 'takeover'];
    const wasHeld = item.state === 'depot' && commands.some((command) => ofHolds.includes(command));
    if (this.#isOverdue(item) || item.state === 'expired' || wasHeld) refuse('hold_expired');
    if (stale || !commands.every((command) => mayFrom(command, item.state))) refuse('stale_version');
    if (by !== null && item.state === 'held' && item.holder !== by) refuse('forbidden');
  }

  /** If the claims change, all must fit. */
  #become(item: ModelCase, after: ModelCase, claims: boolean, options: ClaimOptions = {}): void {
    if (claims) this.#claim([[item, after]], options);
    assign(item, after);
  }

  #held = (item: ModelCase, holder: string): ModelCase => ({
    ...item,
    holder,
    heldSince: this.#now,
    expiresAt: this.#now + holdSeconds,
  });

  #extended = ({ heldSince, expiresAt }: ModelCase) =>
    Math.max(expiresAt, Math.min(this.#now + holdSeconds, heldSince + holdLimitSeconds));

  #isOverdue = (item: ModelCase) => item.state === 'held' && item.expiresAt <= this.#now;

  /** Claims what the cases need; a fact or a started case claims what is free. */
  #claim(
    pairs: [ModelCase | null, ModelCase][],
    { fact = false, needsReason = [] }: ClaimOptions = {},
  ): void {
    const others = this.cases.filter((item) => !pairs.some(([before]) => before === item));
    const requesting = pairs.map(([, after]) => after);
    const partly = fact || requesting.every(({ state }) => hasBegun(state));
    const requests = requesting.flatMap((after) => this.#claimsOf(after));
    // Overdue holds in the way expire.
    for (const item of others.filter((each) => this.#isOverdue(each))) {
      const inWay = item.claims.some((claim) =>
        requests.some((request) => request.resource === claim.resource && touch(request, claim)),
      );
      const meets = requesting.some((after) => this.#stayOf(after) !== null && isSamePatient(item, after));
      if (inWay || meets) end(item);
    }
    const claimed = others.flatMap((item) => item.claims);
    const full: string[] = [];
    for (const after of requesting) {
      after.claims = this.#claimsOf(after).flatMap((request) => {
        const { resource, quantity } = request;
        const isFree = (minute: number) =>
          loadOf(claimed, resource, minute) + quantity <= capacityOf(resource);
        const parts = partsOf(request, isFree).map((part) => ({ ...request, ...part }));
        claimed.push(...parts);
        if (!isWhole(parts, request)) full.push(resource);
        return parts;
      });
      const stay = this.#stayOf(after);
      const elsewhere = [...others, ...requesting]
        .filter((item) => item !== after && isSamePatient(item, after))
        .flatMap((item) => (requesting.indexOf(item) > requesting.indexOf(after) ? [] : item.stay));
      after.stay = stay
        ? partsOf(stay, (minute) => !elsewhere.some(({ from, to }) => from <= minute && minute < to))
        : [];
      if (stay && !isWhole(after.stay, stay)) full.push('the patient');
    }
    if (partly && full.some((resource) => needsReason.includes(resource))) refuse('validation');
    if (partly) return;
    if (full.some((resource) => capacityOf(resource) === 1)) refuse('slot_taken');
    if (full.length > 0) refuse('pool_exhausted');
  }

  /** When its patient is in the room: actual, otherwise planned. Null: left before the start. */
  #inRoom({ state, spot, minutes, facts }: ModelCase): Stretch | null {
    if (!spot) return null;
    if (!hasBegun(state)) return { from: spot.start, to: spot.start + minutes };
    const firstFact = facts.in_room ?? facts.incision ?? facts.closed;
    const from = firstFact === undefined ? spot.start : this.#recordedAt;
    let to = from + (state === 'closed' ? leaving : minutes);
    if (hasLeft(state) && facts.out_of_room !== undefined) to = this.#recordedAt;
    else if (facts.completed !== undefined) to = this.#recordedAt;
    return to > from ? { from, to } : null;
  }

  #stayOf(item: ModelCase): Stretch | null {
    if (item.patient === null || !claiming.includes(item.state) || hasLeft(item.state)) return null;
    return this.#inRoom(item);
  }

  #claimsOf(item: ModelCase): Claim[] {
    const { state, spot, surgeon, equipment, nights } = item;
    if (!claiming.includes(state) || !spot) return [];
    const stay = this.#inRoom(item);
    const within = stay
      ? [
          {
            resource: `OR ${spot.room + 1}`,
            from: stay.from - turnover,
            to: stay.to + turnover,
            quantity: 1,
          },
          ...(surgeon === null ? [] : [{ resource: `Surgeon ${surgeon + 1}`, ...stay, quantity: 1 }]),
          ...(equipment === 0 ? [] : [{ resource: 'C-arm', ...stay, quantity: equipment }]),
        ]
      : [];
    // A bed is counted by the night, from the day on which the case happens.
    const day = stay ? Math.floor(stay.from / 1440) : 0;
    return nights === 0
      ? within
      : [...within, { resource: 'PACU', from: day, to: day + nights, quantity: 1 }];
  }
}

const fresh = ({ minutes, surgeon, equipment, nights, patient }: Needs): ModelCase => ({
  minutes,
  surgeon,
  equipment,
  nights,
  patient,
  state: 'depot',
  version: 1,
  spot: null,
  holder: null,
  heldSince: 0,
  expiresAt: 0,
  fromDepot: false,
  facts: {},
  planned: 'scheduled',
  claims: [],
  stay: [],
});
function booked(item: ModelCase, to: Booking): ModelCase {
  if (item.state !== 'held') return { ...item, state: to };
  if (item.surgeon === null) refuse('validation');
  return { ...item, state: stateAfter(to, item.facts), holder: null, fromDepot: false };
}
/** The resources that a case in progress gets only with a reason, if others have them. No step gives a reason. */
const addedTo = (before: ModelCase, { surgeon, equipment, nights, patient }: ModelCase): string[] =>
  hasBegun(before.state)
    ? [
        ...(equipment > before.equipment ? ['C-arm'] : []),
        ...(nights > before.nights ? ['PACU'] : []),
        ...(surgeon !== null && surgeon !== before.surgeon ? [`Surgeon ${surgeon + 1}`] : []),
        ...(patient !== null && patient !== before.patient ? ['the patient'] : []),
      ]
    : [];
const waiting = (item: ModelCase): ModelCase => ({ ...item, state: 'depot', spot: null, holder: null });

/** The next version; keeps the last planned state. */
const assign = (item: ModelCase, { ...after }: ModelCase) => {
  const planned = after.state === 'scheduled' || after.state === 'confirmed' ? after.state : item.planned;
  Object.assign(item, after, { version: item.version + 1, planned });
};
/** A hold from the depot returns there. */
const ended = (item: ModelCase, state: CaseState) => (item.fromDepot ? waiting(item) : { ...item, state });
const end = (item: ModelCase) => assign(item, { ...ended(item, 'expired'), claims: [], stay: [] });

const claiming: CaseState[] = [
  ...(['held', 'scheduled', 'confirmed', 'in_holding', 'in_room', 'incision', 'closed'] as const),
  ...(['out_of_room', 'completed'] as const),
];

/** The free parts of a stretch. */
function partsOf({ from, to }: Stretch, isFree: (minute: number) => boolean): Stretch[] {
  const parts: Stretch[] = [];
  for (let minute = from; minute < to; minute++) {
    if (!isFree(minute)) continue;
    const last = parts.at(-1);
    if (last?.to === minute) last.to++;
    else parts.push({ from: minute, to: minute + 1 });
  }
  return parts;
}
const isWhole = ([first]: Stretch[], { from, to }: Stretch) => first?.from === from && first.to === to;
const loadOf = (claims: Claim[], resource: string, minute: number) =>
  claims
    .filter((claim) => claim.resource === resource && claim.from <= minute && minute < claim.to)
    .reduce((sum, { quantity }) => sum + quantity, 0);
const touch = (a: Claim, b: Claim) => a.from < b.to && b.from < a.to;

const isSamePatient = (a: ModelCase, b: ModelCase) => a.patient !== null && a.patient === b.patient;
