import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { untilListening, openConsole, startSocketServer } from '../../test/consoles.ts';
import type { TestConsole } from '../../test/consoles.ts';
import { testHospital } from '../../test/hospital.ts';

test('PU13 consoles of two servers see who comes and who leaves', async () => {
  const hospital = await testHospital();
  const { coordinator, second, office } = hospital.users;
  const [a, b] = await Promise.all([startSocketServer(hospital), startSocketServer(hospital)]);
  await Promise.all([untilListening(a), untilListening(b)]);
  const ada = await openConsole(a, hospital, coordinator);
  const bo = await openConsole(b, hospital, second);
  const clerk = await openConsole(b, hospital, office);
  const caseId = randomUUID();
  const whereIs = (userId: string) => (console: TestConsole) =>
    console.people.find(({ person }) => person.id === userId)?.caseId;

  bo.socket.emit('look', { caseId });
  await Promise.all([ada, bo].map((each) => each.until((console) => whereIs(second)(console) === caseId)));
  expect(ada.people).toContainEqual({ person: { id: second, name: 'second person' }, caseId });
  expect(ada.people).toHaveLength(3);

  await clerk.until(({ people }) => people.length === 3);
  expect(clerk.people.map((present) => present.caseId)).toEqual([null, null, null]);

  bo.socket.close();
  await ada.until(({ people }) => people.length === 2);
  expect(whereIs(second)(ada)).toBeUndefined();

  // A newcomer gets the list at once, without waiting for a change.
  const late = await openConsole(a, hospital, coordinator);
  await late.until(({ people }) => people.length === 2);

  for (const { socket } of [ada, clerk, late]) socket.close();
  await Promise.all([a.close(), b.close()]);
  await hospital.end();
});
