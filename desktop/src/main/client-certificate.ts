import { app } from 'electron';
import type { Certificate } from 'electron';
import type { Log } from './log.ts';
import type { Ask } from './window.ts';

type Deps = { server: () => string | null; ask: Ask; log: Log };

/**
 * A server may ask for a certificate that proves who a person is. Left alone, Electron hands over the first one
 * that it finds. Here the person chooses, or gives none; any other server gets none. Asked once for each server and
 * run: a page opens several connections at once.
 */
export function letPersonChooseCertificate({ server, ask, log }: Deps): void {
  let asked: { host: string; choice: Promise<Certificate | undefined> } | undefined;
  app.on('select-client-certificate', (event, _contents, address, certificates, answer) => {
    event.preventDefault();
    const { host } = new URL(address);
    const chosen = server();
    if (chosen === null || new URL(chosen).host !== host) {
      log.warn(`${host} asked for a certificate and was given none: it is not the server.`);
      return answer();
    }
    if (asked?.host !== host) asked = { host, choice: choose(host, certificates, ask) };
    return void asked.choice.then(
      (certificate) => (certificate ? answer(certificate) : answer()),
      () => answer(),
    );
  });
}

async function choose(host: string, certificates: Certificate[], ask: Ask): Promise<Certificate | undefined> {
  const answer = await ask({
    message: `${host} asks for a certificate that proves who you are.`,
    detail:
      'Choose the one your IT desk gave you for Slate. If you don’t have one, use none. If the server ' +
      'needs one, it won’t answer, and your IT desk can help. Slate asks again the next time it starts.',
    buttons: [...certificates.map(nameOf), 'Use none'],
  });
  return certificates[answer];
}

const nameOf = ({ subjectName, issuerName, validExpiry }: Certificate) =>
  `${subjectName}, from ${issuerName}, until ${new Date(validExpiry * 1000).toISOString().slice(0, 10)}`;
