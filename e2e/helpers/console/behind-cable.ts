import { afterEach, expect } from 'vitest';
import { at } from '../../../server/test/hospital.ts';
import { layCable } from '../network/cable.ts';
import { bookings } from './bookings.ts';
import { openConsoleDeployment } from './console-deployment.ts';
import type { ConsoleOptions } from './console.ts';
import { setUpConsoles } from './set-up-consoles.ts';

/** A browser whose consoles reach their server over a cable, for the tests of a file. */
export function setUpBehindCable(environment: Record<string, string> = {}) {
  const opened = setUpConsoles(
    async () => {
      const deployment = await openConsoleDeployment({ servers: 1, environment });
      const cable = await layCable(deployment.servers[0]?.url ?? '');
      const end = async () => {
        await cable.end();
        await deployment.end();
      };
      return { ...deployment, cable, end };
    },
    ({ cable }) => cable.url,
  );
  afterEach(() => opened.deployment.cable.putBack());

  /** Opens a console on a booked case. Another desk works through the API. */
  return async (options: ConsoleOptions = {}) => {
    const { deployment, consoles } = opened;
    const hospital = await deployment.newHospital();
    const desk = bookings(await deployment.as(hospital.users.second), hospital);
    const item = await desk.book({ start: at('08:00'), title: 'Total hip' });
    const console = await consoles.open({
      as: hospital.accounts.coordinator,
      hash: `#/case/${item.id}`,
      ...options,
    });
    console.watched.expectLossOfServer();
    await console.cell(item.id).waitFor();
    await expect.poll(console.connection).toBe('Live');
    const bar = () => console.page.getByRole('contentinfo').textContent();
    return { ...console, cable: deployment.cable, desk, item, bar };
  };
}
