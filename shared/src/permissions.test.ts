import { expect, test } from 'vitest';
import { actions, role, scopeOf } from './permissions.ts';

test('who may do what', () => {
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
    user.manage       -             -             -             -             any
    settings.manage   -             -             -             -             any
    audit.read        -             -             -             -             any
    "
  `);
});
