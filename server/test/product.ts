import type { Case } from '@slate/shared/cases';
import { Refusal } from '../src/domain/refusal.ts';
import { addToDepot } from '../src/use-cases/cases/add-to-depot.ts';
import { bumpCase, cancelCase, voidCase } from '../src/use-cases/cases/take-off-board.ts';
import { changeCase } from '../src/use-cases/cases/change-case.ts';
import { extendHold, releaseHold, takeOverHold } from '../src/use-cases/cases/holds.ts';
import { placeCase } from '../src/use-cases/cases/place-case.ts';
import { placeHold } from '../src/use-cases/cases/place-hold.ts';
import { recordMilestone } from '../src/use-cases/cases/record-milestone.ts';
import { releaseExpiredHolds } from '../src/use-cases/cases/release-expired-holds.ts';
import { moveCases, swapCases } from '../src/use-cases/cases/move-cases.ts';
import { at, caseOf, clockTime } from './hospital.ts';
import type { Laboratory } from './laboratory.ts';
import { targetsOf } from './model.ts';
import type { Needs, Step } from './model.ts';

const booking = ({ to }: { to: 'scheduled' | 'confirmed' | null }) => (to === null ? {} : { to });

/** Runs the steps of the model in the product. */
export class Product {
  readonly #site: Laboratory;
  readonly #ids: string[] = [];
  /** The time of all recorded milestones, on the minute. */
  readonly recordedAt = new Date(Math.floor(Date.now() / 60_000 - 1) * 60_000).toISOString();

  constructor(site: Laboratory) {
    this.#site = site;
  }

  async run(step: Step): Promise<string> {
    try {
      await this.#do(step);
      return 'ok';
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  }

  async cases(): Promise<Case[]> {
    const { rows } = await this.#site.owner.query<{ item: Case }>(
      'SELECT case_json(c) AS item FROM cases c WHERE site_id = $1',
      [this.#site.siteId],
    );
    return this.#ids.flatMap((id) => rows.find(({ item }) => item.id === id)?.item ?? []);
  }

  async #do(step: Step): Promise<unknown> {
    const { deps, clock, users } = this.#site;
    const userId = step.by === 'second' ? users.second : users.coordinator;
    const request = this.#site.request('random', { userId });
    if (step.do === 'wait') return clock.advance(step.seconds);
    if (step.do === 'sweep') return releaseExpiredHolds(deps);
    if (step.do === 'hold' || step.do === 'depot') {
      const details = { procedureId: this.#site.procedure, ...this.#details(step) };
      const reply =
        step.do === 'hold'
          ? await placeHold(deps, request, { ...details, ...this.#place(step.spot) })
          : await addToDepot(deps, request, details);
      return this.#ids.push(caseOf(reply).id);
    }

    const [id, other] = targetsOf(step, this.#ids.length).flatMap((index) => this.#ids[index] ?? []);
    if (!id) return null;
    const version = (await this.#versionOf(id)) + (step.stale ? 1 : 0);
    const reason = 'Random';
    switch (step.do) {
      case 'book':
        return changeCase(deps, request, id, { to: 'scheduled' });
      case 'confirm':
        return changeCase(deps, request, id, { to: 'confirmed' });
      case 'release':
        return releaseHold(deps, request, id);
      case 'extend':
        return extendHold(deps, request, id);
      case 'takeover':
        return takeOverHold(deps, request, id);
      case 'bump':
        return bumpCase(deps, request, id, { version, reason });
      case 'cancel':
        return cancelCase(deps, request, id, { version, reason });
      case 'void':
        return voidCase(deps, request, id, { version, reason });
      case 'place':
        return placeCase(deps, request, id, { version, ...this.#place(step.spot), ...booking(step) });
      case 'save':
        return changeCase(deps, request, id, {
          version,
          ...this.#details(step.edit),
          ...(step.spot && this.#place(step.spot)),
          ...booking(step),
        });
      case 'move':
        return changeCase(deps, request, id, {
          version,
          ...this.#place(step.spot),
          ...(step.minutes !== null && { minutes: step.minutes }),
        });
      case 'change':
        return changeCase(deps, request, id, { version, ...this.#details(step.edit) });
      case 'milestone':
        return recordMilestone(deps, request, id, {
          milestone: step.milestone,
          at: step.withdrawn ? null : this.recordedAt,
        });
      case 'swap':
      case 'moves':
        break;
    }
    if (!other) return null;
    const first = { caseId: id, version };
    const second = { caseId: other, version: await this.#versionOf(other) };
    if (step.do === 'swap') return swapCases(deps, request, { first, second });
    const [to, toOther] = step.spots;
    const moves = [
      { ...first, ...this.#place(to) },
      { ...second, ...this.#place(toOther) },
    ];
    return moveCases(deps, request, { moves });
  }

  async #versionOf(id: string): Promise<number> {
    const { rows } = await this.#site.owner.query<{ version: number }>(
      'SELECT version FROM cases WHERE site_id = $1 AND id = $2',
      [this.#site.siteId, id],
    );
    return rows[0]?.version ?? 0;
  }

  #place = ({ room, start }: { room: number; start: number }) => ({
    roomId: this.#site.rooms[room] ?? '',
    start: at(clockTime(start)),
  });

  #details({ minutes: length, surgeon, equipment, nights, patient }: Partial<Needs>) {
    const { surgeons, equipment: pools, beds } = this.#site;
    return {
      ...(length !== undefined && { minutes: length }),
      ...(surgeon !== undefined && { surgeonId: surgeon === null ? null : (surgeons[surgeon] ?? '') }),
      ...(equipment !== undefined && {
        equipment: equipment === 0 ? [] : [{ resourceId: pools[0], quantity: equipment }],
      }),
      ...(nights !== undefined && { bed: nights === 0 ? null : { resourceId: beds, nights } }),
      ...(patient !== undefined && { patientRef: patient }),
    };
  }
}
