import { draftCase } from '@slate/shared/case-draft';
import { onWall } from '@slate/shared/cases';
import type { Case } from '@slate/shared/cases';
import type { ChangeBody } from '@slate/shared/changes';
import type { CaseState } from '@slate/shared/case-state';
import { role } from '@slate/shared/permissions';
import { defaultSettings } from '@slate/shared/sites';
import type { WallSettings } from '@slate/shared/sites';
import { describe, expect, test } from 'vitest';
import { caseIn, changeIn, isOwn, viewKey, viewOf, wallHidesAll } from './visibility.ts';
import type { View } from './visibility.ts';

const item: Case = {
  ...draftCase(
    { title: 'Total knee', surgeonId: 'surgeon', service: 'Ortho', patientRef: 'DEMO-1', note: 'Latex' },
    { procedure: null, room: null, surgeon: null, settings: defaultSettings },
  ),
  id: 'x',
  number: 20_001,
  state: 'scheduled',
  roomId: 'room',
  start: '2027-05-10T09:00:00.000Z',
  end: '2027-05-10T10:00:00.000Z',
  createdBy: 'me',
};
const mine = { kind: 'own', userId: 'me', surgeonIds: [] } as const;
const office = { kind: 'own', userId: 'office', surgeonIds: ['other', 'surgeon'] } as const;
const stranger = { kind: 'own', userId: 'office', surgeonIds: ['other'] } as const;
const bodyFor = (view: View, body: ChangeBody) => changeIn(view, change(body), defaultSettings).body;
const change = (body: ChangeBody) => ({ revision: 1, at: item.start ?? '', by: somebody, body });
const somebody = { id: 'you', name: 'M. Kraus' };
const caseChange = (more: Partial<Case> = {}) =>
  ({ type: 'case', cause: 'changed', case: { ...item, ...more } }) as const;

test('FE3 each role sees its part of a site', () => {
  const views = Object.fromEntries(role.options.map((each) => [each, viewOf(each, 'me', ['surgeon']).kind]));
  expect(views).toEqual({
    wall: 'no-patients',
    viewer: 'all',
    office: 'own',
    coordinator: 'all',
    administrator: 'all',
  });
});

test('FE3 equal views have equal keys, and different views have different ones', () => {
  expect(viewKey({ ...office, surgeonIds: ['surgeon', 'other'] })).toBe(viewKey(office));
  const keys = [office, stranger, mine, { kind: 'all' }, { kind: 'no-patients' }] as const;
  expect(new Set(keys.map(viewKey))).toHaveLength(keys.length);
});

describe('FE3 a case', () => {
  test('is one’s own by surgeon or by creator', () => {
    expect([isOwn(item, 'me', []), isOwn(item, 'you', ['surgeon']), isOwn(item, 'you', ['other'])]).toEqual([
      true,
      true,
      false,
    ]);
    expect(isOwn({ ...item, surgeonId: null }, 'you', ['other'])).toBe(false);
  });

  test('is complete for its owner and the desk, without typed text on the wall, and hidden from others', () => {
    expect(caseIn({ kind: 'all' }, item)).toBe(item);
    expect([caseIn(mine, item), caseIn(office, item)]).toEqual([item, item]);
    expect(caseIn({ kind: 'no-patients' }, item, defaultSettings)).toEqual(onWall(item));
    expect(caseIn(stranger, item)).toBeNull();
  });
});

describe('FE3 a change of another’s case', () => {
  const busy = {
    id: 'x',
    roomId: 'room',
    start: '2027-05-10T08:50:00.000Z',
    end: '2027-05-10T10:15:00.000Z',
    growsFrom: null as string | null,
  };
  test.each<[CaseState, boolean]>([
    ['held', true],
    ['scheduled', true],
    ['confirmed', true],
    ['in_room', true],
    ['completed', true],
    ['depot', false],
    ['expired', false],
    ['released', false],
    ['cancelled', false],
    ['voided', false],
  ])('%s: busy = %s, else gone', (state, isBusy) => {
    const body = bodyFor(stranger, caseChange({ state }));
    // RE12: the busy time of a case under way shows that it may go on.
    const growsFrom = state === 'in_room' ? '2027-05-10T10:00:00.000Z' : null;
    expect(body).toEqual(isBusy ? { type: 'busy', busy: { ...busy, growsFrom } } : { type: 'gone', id: 'x' });
  });

  test('is busy while the room is claimed after the patient left early, and otherwise gone', () => {
    const left = (at: string) =>
      bodyFor(stranger, caseChange({ state: 'completed', milestones: { out_of_room: at } }));
    expect(left('2027-05-10T09:29:10.000Z')).toEqual({
      type: 'busy',
      busy: { ...busy, end: '2027-05-10T09:45:00.000Z' },
    });
    expect(left('2027-05-10T08:00:00.000Z')).toEqual({ type: 'gone', id: 'x' });
  });

  test('contains only the busy time', () => {
    expect(JSON.stringify(bodyFor(stranger, caseChange()))).not.toMatch(
      /knee|DEMO|surgeon|Ortho|20001|Latex|me"/,
    );
  });

  test('shows the previous holder to everyone who sees the case', () => {
    const from = somebody;
    const body = { ...caseChange(), cause: 'taken_over', from } as const;
    expect(bodyFor(office, body)).toEqual(body);
    expect(bodyFor(stranger, body)).toEqual({ type: 'busy', busy });
  });

  test('PE5 contains no typed text and no names on the wall', () => {
    const typed = caseChange({
      reason: 'Mrs Smith is ill',
      overrideReason: 'Smith insists',
      holder: somebody,
    });
    const closure = { id: 'x', resourceId: 'room', start: '', end: '', quantity: 1, version: 1 };
    const bodies: ChangeBody[] = [
      { ...typed, from: somebody },
      { type: 'closure', closure: { ...closure, reason: 'Smith, isolation', createdBy: somebody } },
    ];
    const onTheWall = JSON.stringify(
      bodies.map((body) => changeIn({ kind: 'no-patients' }, change(body), defaultSettings)),
    );
    expect(onTheWall).not.toMatch(/Smith|Kraus|knee|DEMO|Latex/);
    expect(JSON.stringify(bodies)).toMatch(/Smith.*Kraus.*knee.*Smith|knee.*Smith.*Kraus/);
  });

  test('PE5 settings of the site hide parts of it on the wall, and from nobody else', () => {
    const wall = { kind: 'no-patients' } as const;
    const withNeeds: Case = {
      ...item,
      procedureId: 'knee',
      equipment: [{ resourceId: 'arm', quantity: 1 }],
      bed: { resourceId: 'icu', nights: 2 },
    };
    const shown = onWall(withNeeds);
    const hides = (hidden: Partial<WallSettings>, missing: Partial<Case>) => {
      const settings = { ...defaultSettings, ...hidden };
      expect(caseIn(wall, withNeeds, settings)).toEqual({ ...shown, ...missing });
      expect(changeIn(wall, change(caseChange(withNeeds)), settings).body).toMatchObject({
        case: { ...shown, ...missing },
      });
      for (const view of [office, { kind: 'all' } as const])
        expect(caseIn(view, withNeeds, settings)).toBe(withNeeds);
    };
    hides({}, {});
    hides({ wallProcedures: false }, { procedureId: null, equipment: [], bed: null });
    hides({ wallSurgeons: false }, { surgeonId: null });
    hides({ wallNumbers: false }, { number: 0 });
    expect(caseIn(wall, withNeeds)).toEqual(caseIn(wall, withNeeds, wallHidesAll));

    const block = { id: 'b', roomId: 'room', start: '', end: '', service: 'Ortho', releaseAt: '' };
    const owned = {
      ...block,
      surgeonId: 'surgeon',
      alsoSurgeonIds: ['other'],
      listId: null,
      releasedAt: null,
    };
    const body = { type: 'block', block: owned } as const;
    expect(bodyFor(wall, body)).toEqual(body);
    const hidden = changeIn(wall, change(body), wallHidesAll).body;
    expect(JSON.stringify(hidden)).not.toMatch(/"surgeon"|other/);
    expect(changeIn(office, change(body), wallHidesAll).body).toEqual(body);

    const plan = {
      roomId: 'room',
      start: '07:00',
      end: '12:00',
      service: 'Ortho',
      surgeonId: 'surgeon',
      listId: null,
      releaseDays: 7,
    };
    const template = {
      id: 't',
      plan,
      recurrence: { weekdays: [1], everyWeeks: 1, from: '2027-05-10', until: null },
      exceptions: [
        { date: '2027-05-17', plan },
        { date: '2027-05-24', plan: null },
      ],
      version: 1,
    };
    const ofTemplate = { type: 'block_template', template } as const;
    expect(bodyFor(wall, ofTemplate)).toEqual(ofTemplate);
    expect(JSON.stringify(changeIn(wall, change(ofTemplate), wallHidesAll).body)).not.toContain('"surgeon"');
  });

  test('that is not about a case is visible to all', () => {
    const gone = { type: 'closure_removed', id: 'x' } as const;
    for (const view of [office, stranger, { kind: 'no-patients' } as const])
      expect(bodyFor(view, gone)).toEqual(gone);
  });
});
