/** Derives a key from a password in its own thread, so that the program keeps answering. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { argon2id } from 'hash-wasm';

export type Derivation = { password: string; salt: Uint8Array; memory: number; passes: number };

/** Argon2id, one lane; `memory` in KiB. */
export const deriveKey = async ({ password, salt, memory, passes }: Derivation): Promise<Buffer> =>
  Buffer.from(
    await argon2id({
      password,
      salt,
      memorySize: memory,
      iterations: passes,
      parallelism: 1,
      hashLength: 32,
      outputType: 'binary',
    }),
  );

if (!isMainThread) void deriveKey(workerData as Derivation).then((key) => parentPort?.postMessage(key, []));
