import { randomBytes } from 'node:crypto';
import type { RouteInput, RouteReply } from '@slate/shared/contract';
import { maxDevices } from '@slate/shared/contract/devices';
import type { RegisterDevice } from '@slate/shared/contract/devices';
import type { Actor } from '@slate/shared/fields';
import { id } from '@slate/shared/fields';
import { deviceRetired, runCommand } from '../../commands/command.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import {
  deviceWithSecret,
  devicesPage,
  registerDevice as register,
  retireDevice as retire,
} from '../../db/devices.sql.ts';
import { many, maybeOne, one } from '../../db/query.ts';
import type { Queryable } from '../../db/query.ts';
import { invalid, notFound, Refusal } from '../../domain/refusal.ts';

/** Without a sign-in for this long, a desk opens only with the server, and its requests are too old to be sent. */
const idleDays = 7;

/** Registers a device of this person, or opens it again. */
export async function registerDevice(
  db: Queryable,
  siteId: string,
  person: Actor,
  { id: deviceId, name }: RegisterDevice,
): Promise<RouteReply<'registerDevice'>> {
  const values = [siteId, person, deviceId, name, randomBytes(32), maxDevices, idleDays];
  const result = await one(db, register, values);
  if (result.refused === null) {
    const { secret, position } = result;
    return { id: deviceId, secret: secret.toString('base64url'), position };
  }
  if (result.refused === 'retired') throw deviceRetired();
  throw new Refusal(
    'in_use',
    `You have ${maxDevices} devices here, the most one person can have. ` +
      'Ask your administrator to retire those you no longer use.',
  );
}

/** A page of devices by person. The cursor is the id of the last one. */
export async function listDevices(
  db: Queryable,
  siteId: string,
  { person, limit, cursor }: RouteInput<'devices'>['query'],
): Promise<RouteReply<'devices'>> {
  const after = id.optional().safeParse(cursor);
  if (!after.success) throw invalid('cursor', 'Isn’t a valid cursor. Start again without it.');
  // One more row shows whether there is a next page.
  const found = await many(db, devicesPage, [siteId, person ?? null, after.data ?? null, limit + 1]);
  const devices = found.slice(0, limit).map(({ device }) => device);
  return { devices, next: found.length > limit ? (devices.at(-1)?.id ?? null) : null };
}

/** Retires a device. Nothing is accepted from it any more, and its person’s secret is no longer given out. */
export const retireDevice = (deps: CommandDeps, request: CommandRequest, deviceId: string) =>
  runCommand(
    deps,
    request,
    'device.manage',
    () => Promise.resolve(),
    async ({ tx }) => {
      const retired = await maybeOne(tx, retire, [request.siteId, deviceId]);
      if (!retired) throw notFound('device');
      const { device } = retired;
      return {
        status: 200,
        body: { device },
        changes: [],
        detail: { device: deviceId, person: device.person.id },
        notifications: [{ kind: 'people', siteId: request.siteId }],
      };
    },
  );

/** Returns the secret of a retired device. At the workstation, it decrypts what the desk has not sent. */
export async function readDeviceSecret(
  db: Queryable,
  siteId: string,
  deviceId: string,
): Promise<RouteReply<'readDeviceSecret'>> {
  const found = await maybeOne(db, deviceWithSecret, [siteId, deviceId]);
  if (!found) throw notFound('device');
  const { device, secret } = found;
  if (device.retiredAt === null) {
    throw new Refusal('in_use', `${device.person.name} still uses this device. Retire it first.`);
  }
  return { device, secret: secret.toString('base64url') };
}
