import {
  createHash,
  createHmac,
  createSecretKey,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from 'node:crypto';
import type { Tokens } from '@slate/shared/contract/identity';
import { jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { Refusal } from '../domain/refusal.ts';

export type TokenSecrets = { accessSecret: string; refreshSecret: string };

/** The claims of an access token. Permissions are not among them: `authority` reads them at each request. */
export type AccessClaims = {
  userId: string;
  sessionId: string;
  name: string;
  /** When the token ends, in milliseconds since 1970. */
  expiresAt: number;
};

const algorithm = 'HS256';
const issuer = 'slate';
const audience = 'slate';
/** The clocks of two server processes differ a little. */
const toleranceSeconds = 5;
/** A token signed further in the future than this is refused, because it would stay valid too long. */
const maxAheadSeconds = 60;

const payload = z.object({ sub: z.uuid(), sid: z.uuid(), name: z.string(), exp: z.number() });

export function createTokens(
  { accessSecret, refreshSecret }: TokenSecrets,
  { accessSeconds = 600, maxEntries = 10_000 } = {},
) {
  const accessKey = secretKey(accessSecret);
  const refreshKey = secretKey(refreshSecret);
  // Cached, because checking a signature is the most expensive part of a small request, and each request brings the
  // same token.
  const verified = new LRUCache<string, AccessClaims>({ max: maxEntries });

  const proofOf = (email: string, workstation: string) =>
    createHmac('sha256', refreshKey).update(`workstation ${workstation} ${email}`).digest('base64url');

  const signAccessToken = ({ userId, sessionId, name }: Omit<AccessClaims, 'expiresAt'>): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ sid: sessionId, name })
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(userId)
      .setIssuedAt(now)
      .setExpirationTime(now + accessSeconds)
      .sign(accessKey);
  };

  return {
    signAccessToken,

    /** Returns the claims of a valid token. Throws `unauthenticated` for anything else. */
    async verifyAccessToken(token: string): Promise<AccessClaims> {
      const cached = verified.get(token);
      if (cached && isWithin(cached, accessSeconds)) return cached;
      verified.delete(token);
      const claims = await verify(token, accessKey);
      if (!isWithin(claims, accessSeconds)) throw notValid();
      verified.set(token, claims);
      return claims;
    },

    newRefreshToken: () => randomBytes(32).toString('base64url'),

    /**
     * Derives the successor of a refresh token from the token and the secret, so that a repeated request gets the same
     * one although the database stores only hashes.
     */
    successorOf: (refreshToken: string) =>
      createHmac('sha256', refreshKey).update(refreshToken).digest('base64url'),

    /** Strong enough for a day, and short enough to read out over the phone. The same key gives the same password. */
    temporaryPasswordOf: (userId: string, key: string) =>
      createHmac('sha256', refreshKey)
        .update(`temporary password ${userId} ${key}`)
        .digest('hex')
        .slice(0, 20)
        .replaceAll(/.{5}(?=.)/g, '$&-'),

    /** The secret of an invitation's link. The same key gives the same secret. */
    invitationSecretOf: (siteId: string, key: string) =>
      createHmac('sha256', refreshKey).update(`invitation ${siteId} ${key}`).digest('base64url'),

    /**
     * The proof that a workstation has signed in to the account before. It grants no access: it only counts attempts
     * from there separately from those of strangers.
     */
    workstationProof: (email: string, workstation: string = randomUUID()) =>
      `${workstation}.${proofOf(email, workstation)}`,

    /** Returns the workstation of a proof, or null if the proof is invalid or of another account. */
    provenWorkstation(email: string, proof: string | undefined): string | null {
      const [workstation = '', mac = ''] = proof?.split('.') ?? [];
      const [actual, expected] = [Buffer.from(mac), Buffer.from(proofOf(email, workstation))];
      return actual.length === expected.length && timingSafeEqual(actual, expected) ? workstation : null;
    },

    async reply(user: Omit<AccessClaims, 'expiresAt'>, refreshToken: string): Promise<Tokens> {
      return { accessToken: await signAccessToken(user), expiresIn: accessSeconds, refreshToken };
    },
  };
}

export type TokenMaker = ReturnType<typeof createTokens>;

/** Only the hash of a refresh token is stored. The token is random, so a plain hash is enough. */
export const hashOf = (refreshToken: string) => createHash('sha256').update(refreshToken).digest();

function secretKey(secret: string) {
  if (Buffer.byteLength(secret) < 32) throw new Error('The secret of the tokens is shorter than 32 bytes.');
  return createSecretKey(Buffer.from(secret));
}

/** The token has not expired, and expires no later than one signed now. */
function isWithin({ expiresAt }: AccessClaims, accessSeconds: number): boolean {
  const secondsLeft = (expiresAt - Date.now()) / 1000;
  return -toleranceSeconds < secondsLeft && secondsLeft <= accessSeconds + maxAheadSeconds;
}

const notValid = () =>
  new Refusal('unauthenticated', 'Your sign-in has expired or isn’t valid. Sign in again.');

async function verify(token: string, key: ReturnType<typeof secretKey>): Promise<AccessClaims> {
  try {
    const { payload: claims } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience,
      clockTolerance: toleranceSeconds,
      requiredClaims: ['exp'],
    });
    const { sub, sid, name, exp } = payload.parse(claims);
    return { userId: sub, sessionId: sid, name, expiresAt: exp * 1000 };
  } catch {
    throw notValid();
  }
}
