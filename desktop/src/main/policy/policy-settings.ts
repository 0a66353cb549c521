/**
 * Everything that a policy can set. The parser, About and the files in `docs/policy` follow from this table. No setting
 * may weaken the program: none concerns certificates, the sandbox, the page's own policy or debuggers.
 */
import { id } from '@slate/shared/fields';
import { updateChannel } from '@slate/shared/updates';
import type { UpdateMode } from '@slate/shared/updates';
import { z } from 'zod';
import { idleMinutes, serverAddress } from '../../bridge.ts';
import type { HoldTime } from '../../bridge.ts';

/** How administrators enter a value. */
type Form =
  | { type: 'text'; maxLength: number }
  /** The values with their names. */
  | { type: 'choice'; names: Readonly<Record<string, string>> }
  | { type: 'number'; min: number; max: number }
  | { type: 'switch' };

export type Setting = {
  title: string;
  description: string;
  /** Whether it can be recommended, because a person can choose another value. Otherwise it is always locked. */
  canRecommend: boolean;
  form: Form;
  example: string | number | boolean;
  schema: z.ZodType;
};

const text = <Output>(maxLength: number, schema: z.ZodType<Output, string>) => ({
  form: { type: 'text', maxLength } as const,
  schema: z.string('Must be text.').max(maxLength, `Must have at most ${maxLength} characters.`).pipe(schema),
});

const choice = <Value extends string>(names: Readonly<Record<Value, string>>) => {
  const values = Object.keys(names) as Value[];
  return {
    form: { type: 'choice', names } as const,
    schema: z.enum(values, `Must be one of these: ${values.join(', ')}.`),
  };
};

/** The registry has no type for a switch, so it uses 1 and 0. */
const toggle = {
  form: { type: 'switch' } as const,
  schema: z
    .union([z.boolean(), z.literal([0, 1])], 'Must be true or false (in the registry: 1 or 0).')
    .transform(Boolean),
};

export const policySettings = {
  ServerAddress: {
    title: 'Server address',
    description:
      'The address of the Slate server. If it is locked, nobody can choose another server at the workstation. If it is recommended, the console uses it until somebody chooses another one.',
    canRecommend: true,
    example: 'https://slate.example.org',
    ...text(300, serverAddress),
  },
  Site: {
    title: 'Site',
    description:
      'The ID of the site that the workstation belongs to. About Slate shows the ID of the current site. If it is locked, people can work at this site only. If it is recommended, the console opens at this site until somebody chooses another one.',
    canRecommend: true,
    example: '0197a6b2-5a3c-7c0e-9f41-2b7d6e8c1a56',
    ...text(36, id),
  },
  Language: {
    title: 'Language',
    description:
      'The language of the console and of the parts that Chromium draws. Slate is available in English only.',
    canRecommend: false,
    example: 'en-US',
    ...choice({ en: 'English', 'en-US': 'English (United States)' }),
  },
  IdleMinutes: {
    title: 'Minutes until the console locks',
    description:
      'The console locks after this many minutes without a key or a movement of the mouse. If it is locked, nobody can change it at the workstation. The server also ends sessions that were idle for longer than its SESSION_IDLE_MINUTES.',
    canRecommend: true,
    example: 5,
    form: { type: 'number', min: 1, max: 60 },
    schema: idleMinutes,
  },
  HoldTime: {
    title: 'Time left of a hold',
    description:
      'Shows the end of a hold as the time left or as a time of day. It does not change how long holds last.',
    canRecommend: true,
    example: 'countdown',
    ...choice<HoldTime>({ countdown: 'Time left', end: 'Time at which it ends' }),
  },
  WallBoard: {
    title: 'Wall board',
    description:
      'Makes the workstation a wall board: Slate fills the screen and has no menu, and only a wall-board account can sign in. It stays signed in after a restart.',
    canRecommend: false,
    example: false,
    ...toggle,
  },
  UpdateChannel: {
    title: 'Update channel',
    description: 'The channel from which the console gets its updates, instead of the channel of the site.',
    canRecommend: false,
    example: 'stable',
    ...text(32, updateChannel),
  },
  UpdateMode: {
    title: 'Updates',
    description:
      'Automatic: the console installs an update while nobody uses it. Announce only: it only shows that there is an update. Off: it does not check for updates.',
    canRecommend: false,
    example: 'automatic',
    ...choice<UpdateMode>({ automatic: 'Automatic', announce: 'Announce only', off: 'Off' }),
  },
} as const satisfies Record<string, Setting>;

export type PolicyName = keyof typeof policySettings;
export const policyNames = Object.keys(policySettings) as PolicyName[];
export type PolicyValue<Name extends PolicyName> = z.infer<(typeof policySettings)[Name]['schema']>;

/** A value in the words of the table. */
export function inWords(name: PolicyName, value: unknown): string {
  const { form }: Setting = policySettings[name];
  if (form.type === 'choice') return form.names[String(value)] ?? String(value);
  if (form.type === 'switch') return value === true ? 'On' : 'Off';
  return String(value);
}
