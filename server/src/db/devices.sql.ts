import { device } from '@slate/shared/contract/devices';
import type { Device } from '@slate/shared/contract/devices';
import { z } from 'zod';
import { bigint } from './query.ts';
import type { Statement } from './query.ts';

const registration = z.union([
  z.object({ refused: z.null(), secret: z.instanceof(Buffer), position: bigint }),
  z.object({ refused: z.enum(['retired', 'full']) }),
]);

/** $1 site, $2 actor, $3 device, $4 name, $5 secret of a new device, $6 most devices, $7 days after which one is idle */
export const registerDevice: Statement<z.infer<typeof registration>> = {
  name: 'register-device',
  text: 'SELECT * FROM register_device($1, $2, $3, $4, $5, $6, $7)',
  row: registration,
};

const order = 'lower(u.name), u.id, d.registered_at, d.id';
const withPerson = 'devices d JOIN users u ON u.id = d.user_id';

/** $1 site, $2 person or null, $3 the last device of the page before or null, $4 limit */
export const devicesPage: Statement<{ device: Device }> = {
  name: 'devices-page',
  text: `SELECT device_json(d, u.name) AS device FROM ${withPerson}
    WHERE d.site_id = $1 AND ($2::uuid IS NULL OR d.user_id = $2)
      AND ($3::uuid IS NULL OR (${order}) > (SELECT ${order} FROM ${withPerson} WHERE d.site_id = $1 AND d.id = $3))
    ORDER BY ${order} LIMIT $4`,
  row: z.object({ device }),
};

/** $1 site, $2 device */
export const retireDevice: Statement<{ device: Device }> = {
  name: 'retire-device',
  text: `UPDATE devices d SET retired_at = coalesce(d.retired_at, clock_timestamp()) FROM users u
    WHERE d.site_id = $1 AND d.id = $2 AND u.id = d.user_id RETURNING device_json(d, u.name) AS device`,
  row: z.object({ device }),
};

/** $1 site, $2 device */
export const deviceWithSecret: Statement<{ device: Device; secret: Buffer }> = {
  name: 'device-with-secret',
  text: `SELECT device_json(d, u.name) AS device, d.secret FROM ${withPerson} WHERE d.site_id = $1 AND d.id = $2`,
  row: z.object({ device, secret: z.instanceof(Buffer) }),
};
