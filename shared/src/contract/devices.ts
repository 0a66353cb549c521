import { z } from 'zod';
import { actor, id, line } from '../fields.ts';
import { instant } from '../time.ts';
import { atSite, page, pageCost, revised } from './route.ts';
import type { Route } from './route.ts';

/** A queued command has both headers: the device whose queue it is from, and its position there, counted from 1. */
export const deviceHeader = 'Slate-Device';
/** In a reply: the last used position of the device. Missing if the position of the command is not used. */
export const positionHeader = 'Slate-Position';

/** How many devices in use one person may have at a site. */
export const maxDevices = 50;

/** One person’s desk at one workstation, with the queue of its requests from times without the server. */
export const device = z.strictObject({
  id,
  /** The name of the workstation. */
  name: line(120),
  person: actor,
  /** The last position of its queue that has been answered. */
  position: z.int().min(0),
  registeredAt: instant,
  usedAt: instant,
  /** When it was retired. Nothing is accepted from it since. */
  retiredAt: instant.nullable(),
});
export type Device = z.infer<typeof device>;

/** Encrypts the data of the desk at the workstation; 32 bytes in base64url. */
const secret = z.string();

export const registerDevice = z.strictObject({ id, name: device.shape.name });
export type RegisterDevice = z.infer<typeof registerDevice>;

const atDevice = z.strictObject({ site: id, device: id });

export const deviceRoutes = {
  registerDevice: {
    method: 'post',
    path: '/sites/:site/devices',
    access: 'device.use',
    params: atSite,
    summary: 'Register a device, or open a registered one: its secret and its position',
    body: registerDevice,
    status: 200,
    reply: z.strictObject({ id, secret, position: device.shape.position }),
  },
  devices: {
    method: 'get',
    path: '/sites/:site/devices',
    access: 'device.manage',
    limit: 'read',
    cost: pageCost,
    params: atSite,
    summary: 'The devices of the site, or of one person, including retired ones',
    query: z.strictObject({ person: id.optional(), ...page }),
    status: 200,
    reply: z.strictObject({ devices: z.array(device), next: z.string().nullable() }),
  },
  retireDevice: {
    method: 'delete',
    path: '/sites/:site/devices/:device',
    access: 'device.manage',
    command: true,
    params: atDevice,
    summary: 'Retire a device: nothing is accepted from it any more',
    status: 200,
    reply: revised({ device }),
  },
  readDeviceSecret: {
    method: 'post',
    path: '/sites/:site/devices/:device/secret',
    access: 'device.manage',
    params: atDevice,
    summary: 'The secret of a retired device, to open its unsent requests at the workstation',
    status: 200,
    reply: z.strictObject({ device, secret }),
  },
} as const satisfies Record<string, Route>;
