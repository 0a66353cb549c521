/** Updates of the desktop program: the signed manifest of a channel, and whether a program may install what it names. */
import { z } from 'zod';
import { instant } from './time.ts';

/** Also the name of its folder on the server. */
export const updateChannel = z
  .string()
  .regex(/^[a-z][a-z\d-]{0,31}$/, 'Must be lower-case letters, digits and hyphens, starting with a letter.');
export type UpdateChannel = z.infer<typeof updateChannel>;

/** `announce`: only says that there is an update. */
export const updateMode = z.enum(['automatic', 'announce', 'off']);
export type UpdateMode = z.infer<typeof updateMode>;

/** The manifests of other products are refused, also if the same key signed them. */
export const updateProduct = 'slate-console';

export const maxManifestBytes = 65_536;
const maxFileBytes = 1024 ** 3;

const version = z.string().regex(/^(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}$/, 'Must look like 1.2.3.');
/** Begins with a letter or digit and has no slash, so it is always the name of a file in its folder. */
const fileName = z.string().regex(/^[A-Za-z\d][\w.+-]{0,119}$/);
/** Free text, so that a manifest may name platforms that an older program does not know. */
const word = z.string().min(1).max(20);

/** The helper of the installed Debian package finds these fields by their order, so they stay as they are. */
export const updateFile = z.object({
  /** As Node names them; macOS packages may be `universal`. */
  platform: word,
  arch: word,
  /** The package: the extension of its name. */
  kind: word,
  name: fileName,
  size: z.int().min(1).max(maxFileBytes),
  /** In hexadecimal, as `sha512sum` prints it. */
  sha512: z.string().regex(/^[\da-f]{128}$/),
});
export type UpdateFile = z.infer<typeof updateFile>;

/** Unknown fields are ignored, so that a later manifest can say more. */
export const updateManifest = z.object({
  product: word,
  channel: word,
  version,
  /** An older program is not updated by itself, for example because its data must be upgraded step by step. */
  minimumVersion: version,
  /** Orders the manifests of a channel: one that was signed earlier than a known one is a replay. */
  signedAt: instant,
  notBefore: instant,
  expires: instant,
  /** The release notes, for the people at the desk. */
  notes: z.string().max(4000),
  files: z.array(updateFile).max(50),
});
export type UpdateManifest = z.infer<typeof updateManifest>;

/**
 * A manifest as it is published. The signature is over the exact bytes of the text, so nothing has to be written in a
 * canonical form. One file has both: the manifest and its signature are never from different versions.
 */
export const signedManifest = z.strictObject({
  manifest: z.string().max(maxManifestBytes),
  /** Ed25519 */
  signature: z.base64().length(88),
});
export type SignedManifest = z.infer<typeof signedManifest>;

/** Why an update is not installed. */
export const updateRefusal = z.enum([
  /** The manifest cannot be read. */
  'malformed',
  /** No key of this program has signed it, or it was changed later. */
  'signature',
  'product',
  'channel',
  'not_yet',
  'expired',
  /** Signed earlier than a manifest that this workstation has seen. */
  'replayed',
  /** Older than this program. */
  'downgrade',
  /** This program is older than the minimum version. */
  'too_old',
  /** This version has crashed here twice while starting. */
  'crashed',
  /** It has no package for this platform. */
  'no_package',
  /** The file is larger than the manifest says. */
  'oversized',
  /** The file is not the one that was signed. */
  'hash',
  /** The server sends elsewhere. */
  'redirected',
  /** The package cannot be unpacked, or the new program does not start in a trial. */
  'unusable',
  /** The disk is full or cannot be written. */
  'disk',
  /** The helper of the Debian package did not accept it. */
  'rejected',
  /** Another program installs packages. */
  'busy',
  /** polkit or a policy does not let this person install it. */
  'forbidden',
  /** dpkg could not install it. */
  'failed',
]);
export type UpdateRefusal = z.infer<typeof updateRefusal>;

/** The state of the updates of the running program. */
export const updateStatus = z.discriminatedUnion('is', [
  /** A policy says so, or nothing can be verified, because this build has no keys. */
  z.strictObject({ is: z.literal('off') }),
  /** Nothing was checked yet, or no site is known. */
  z.strictObject({ is: z.literal('unknown') }),
  z.strictObject({ is: z.literal('checking') }),
  /** There is none for this workstation now. */
  z.strictObject({ is: z.literal('none') }),
  z.strictObject({ is: z.literal('paused') }),
  z.strictObject({ is: z.literal('unreachable') }),
  /** Somebody else installs it. */
  z.strictObject({ is: z.literal('announced'), version: z.string(), notes: z.string() }),
  z.strictObject({ is: z.literal('downloading'), version: z.string(), percent: z.int() }),
  /** It is verified, and installed when nobody works here. `needsPerson`: the system asks for an administrator. */
  z.strictObject({
    is: z.literal('ready'),
    version: z.string(),
    notes: z.string(),
    needsPerson: z.boolean(),
  }),
  /** The Debian package is being replaced. */
  z.strictObject({ is: z.literal('installing'), version: z.string() }),
  z.strictObject({ is: z.literal('refused'), version: z.string().nullable(), why: updateRefusal }),
]);
export type UpdateStatus = z.infer<typeof updateStatus>;

/** The program that might be updated. */
export type Installed = {
  readonly channel: UpdateChannel;
  readonly version: string;
  readonly platform: string;
  readonly arch: string;
  /** The package that it can install by itself; null if somebody else installs it. */
  readonly kind: string | null;
  /** When the newest known manifest of the channel was signed; null: none is known. */
  readonly newest: string | null;
  /** Versions that have crashed here. */
  readonly crashed: readonly string[];
};

export type Verdict =
  | { readonly is: 'current' }
  | { readonly is: 'update'; readonly file: UpdateFile | null }
  | { readonly is: 'refused'; readonly why: UpdateRefusal };

/** Whether this program may be updated with this manifest, whose signature is right. */
export function judgeManifest(manifest: UpdateManifest, installed: Installed, now: string): Verdict {
  const refuse = (why: UpdateRefusal): Verdict => ({ is: 'refused', why });
  const { channel, version: running, newest, crashed, kind } = installed;
  if (manifest.product !== updateProduct) return refuse('product');
  if (manifest.channel !== channel) return refuse('channel');
  if (now < manifest.notBefore) return refuse('not_yet');
  if (now >= manifest.expires) return refuse('expired');
  if (newest !== null && manifest.signedAt < newest) return refuse('replayed');
  const order = compareVersions(manifest.version, running);
  if (order < 0) return refuse('downgrade');
  if (order === 0) return { is: 'current' };
  if (compareVersions(running, manifest.minimumVersion) < 0) return refuse('too_old');
  if (crashed.includes(manifest.version)) return refuse('crashed');
  if (kind === null) return { is: 'update', file: null };
  const file = manifest.files.find((each) => isFor(each, installed));
  return file ? { is: 'update', file } : refuse('no_package');
}

const isFor = (file: UpdateFile, { platform, arch, kind }: Installed) =>
  file.platform === platform && [arch, 'universal'].includes(file.arch) && file.kind === kind;

/** Below zero if the first version is older. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one, other].map((text) => version.parse(text).split('.').map(Number));
  const differing = a?.findIndex((part, at) => part !== b?.[at]) ?? -1;
  return differing < 0 ? 0 : (a?.[differing] ?? 0) - (b?.[differing] ?? 0);
}
