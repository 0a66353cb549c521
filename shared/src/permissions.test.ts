import { expect, test } from 'vitest';
import { allowedFrom, caseState } from './case-state.ts';
import type { CaseCommand } from './case-state.ts';
import { routes } from './contract.ts';
import { actionFor, actions, role, scopeOf } from './permissions.ts';

test('the actions of each role', () => {
  const cell = (text: string) => text.padEnd(14);
  const table = [
    ['', ...role.options],
    ...actions.map((action) => [
      action,
      ...role.options.map((who) => scopeOf(who, action).replace('none', '-')),
    ]),
  ].map(([first = '', ...rest]) => first.padEnd(18) + rest.map(cell).join('').trimEnd());
  expect(`\n${table.join('\n')}\n`).toMatchInlineSnapshot(`
    "
                      wall          viewer        office        coordinator   administrator
    board.read        any           any           own           any           any
    patients.read     -             any           own           any           any
    cases.read        -             any           own           any           any
    openings.search   -             any           own           any           any
    case.hold         -             -             own           any           any
    hold.takeover     -             -             -             any           any
    case.schedule     -             -             -             any           any
    case.void         -             -             -             any           any
    milestone.record  -             -             -             any           any
    closure.manage    -             -             -             any           any
    resource.manage   -             -             -             -             any
    procedure.manage  -             -             -             -             any
    block.manage      -             -             -             -             any
    user.manage       -             -             -             -             any
    settings.manage   -             -             -             -             any
    site.export       -             -             -             -             any
    site.import       -             -             -             -             any
    import.manage     -             -             -             -             any
    reason.manage     -             -             -             -             any
    audit.read        -             -             -             -             any
    device.use        -             any           any           any           any
    device.manage     -             -             -             -             any
    "
  `);
});

test('PE8 an office may change its own case only while it is a hold', () => {
  const commands = Object.keys(allowedFrom) as CaseCommand[];
  const may = caseState.options.map((state) => [
    state,
    commands.filter(
      (command) =>
        (allowedFrom[command] as readonly string[]).includes(state) &&
        scopeOf('office', actionFor(command, state)) !== 'none',
    ),
  ]);
  expect(may.filter(([, allowed]) => allowed?.length)).toEqual([
    ['held', ['extend', 'release', 'book', 'change']],
  ]);
});

test('PE8 each route admits every role that may run its command in some state', () => {
  const routeOf = {
    place: routes.placeCase,
    extend: routes.extendHold,
    takeover: routes.takeOverHold,
    release: routes.releaseHold,
    book: routes.confirmCase,
    confirm: routes.confirmCase,
    change: routes.changeCase,
    move: routes.moveCase,
    bump: routes.bumpCase,
    cancel: routes.cancelCase,
    void: routes.voidCase,
  } satisfies Record<CaseCommand, unknown>;
  const refusedRoles = (Object.keys(routeOf) as CaseCommand[]).flatMap((command) =>
    role.options.filter((who) => {
      const mayInSome = allowedFrom[command].some(
        (state) => scopeOf(who, actionFor(command, state)) !== 'none',
      );
      return mayInSome && scopeOf(who, routeOf[command].access) === 'none';
    }),
  );
  expect(refusedRoles).toEqual([]);
});
