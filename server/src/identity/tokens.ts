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

/** What an access token says. What its bearer may do is not in it: that is read anew (`authority`). */
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
/** The clocks of two server processes are never quite the same. */
const toleranceSeconds = 5;
/** So far ahead the clock of the process may be that signed a token. Beyond it the token would outlive its time here. */
const aheadSeconds = 60;

const payload = z.object({ sub: z.uuid(), sid: z.uuid(), name: z.string(), exp: z.number() });

export function createTokens(
  { accessSecret, refreshSecret }: TokenSecrets,
  { accessSeconds = 600, remembered = 10_000 } = {},
) {
  const accessKey = secretKey(accessSecret);
  const refreshKey = secretKey(refreshSecret);
  // Checking a signature costs more than all else of a small request, and every request brings the same token.
  const verified = new LRUCache<string, AccessClaims>({ max: remembered });

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

    /** The claims of a token of ours that has not ended; throws `unauthenticated` for anything else. */
    async verifyAccessToken(token: string): Promise<AccessClaims> {
      const known = verified.get(token);
      if (known && isWithin(known, accessSeconds)) return known;
      verified.delete(token);
      const claims = await verify(token, accessKey);
      if (!isWithin(claims, accessSeconds)) throw notValid();
      verified.set(token, claims);
      return claims;
    },

    newRefreshToken: () => randomBytes(32).toString('base64url'),

    /**
     * What a refresh token is traded for. Following from the token itself, it is the same again when the reply
     * was lost, although the database knows no token, only hashes; without the secret nobody can tell it.
     */
    successorOf: (refreshToken: string) =>
      createHmac('sha256', refreshKey).update(refreshToken).digest('base64url'),

    /** As hard to guess as it must be for a day, and to be read out over the phone. The same for the same key. */
    temporaryPasswordOf: (userId: string, key: string) =>
      createHmac('sha256', refreshKey)
        .update(`temporary password ${userId} ${key}`)
        .digest('hex')
        .slice(0, 20)
        .replaceAll(/.{5}(?=.)/g, '$&-'),

    /**
     * What a workstation keeps once somebody has signed in to the account there. It opens nothing: it shows that an
     * attempt comes from there, so that it is counted apart from those of strangers.
     */
    workstationProof: (email: string, workstation: string = randomUUID()) =>
      `${workstation}.${proofOf(email, workstation)}`,

    /** The workstation that this proof is of; null when it is none of ours, or of another account. */
    provenWorkstation(email: string, proof: string | undefined): string | null {
      const [workstation = '', mac = ''] = proof?.split('.') ?? [];
      const [sent, right] = [Buffer.from(mac), Buffer.from(proofOf(email, workstation))];
      return sent.length === right.length && timingSafeEqual(sent, right) ? workstation : null;
    },

    async reply(who: Omit<AccessClaims, 'expiresAt'>, refreshToken: string): Promise<Tokens> {
      return { accessToken: await signAccessToken(who), expiresIn: accessSeconds, refreshToken };
    },
  };
}

export type TokenMaker = ReturnType<typeof createTokens>;

/** What is stored of a refresh token. It is random, so that a plain hash cannot be guessed back. */
export const hashOf = (refreshToken: string) => createHash('sha256').update(refreshToken).digest();

function secretKey(secret: string) {
  if (Buffer.byteLength(secret) < 32) throw new Error('The secret of the tokens is shorter than 32 bytes.');
  return createSecretKey(Buffer.from(secret));
}

/** A token has not ended, and does not end later than one that is signed now. */
function isWithin({ expiresAt }: AccessClaims, accessSeconds: number): boolean {
  const secondsLeft = (expiresAt - Date.now()) / 1000;
  return -toleranceSeconds < secondsLeft && secondsLeft <= accessSeconds + aheadSeconds;
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
