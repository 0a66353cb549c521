import { app } from 'electron';
import type { Certificate } from 'electron';
import type { Log } from './log.ts';
import type { Ask } from './window.ts';

type Deps = { server: () => string | null; ask: Ask; log: Log };

/**
 * Lets the person choose the client certificate that the server requests, or none. By default Electron would send the first
 * one it finds. Other servers get none. Asks once per server and run, because a page opens several connections at once.
 */
export function letPersonChooseCertificate({ server, ask, log }: Deps): void {
  let lastChoice: { host: string; choice: Promise<Certificate | undefined> } | undefined;
  app.on('select-client-certificate', (event, _contents, address, certificates, answer) => {
    event.preventDefault();
    const { host } = new URL(address);
    const current = server();
    if (current === null || new URL(current).host !== host) {
      log.warn(`Sent no certificate to ${host}: it is not the server.`);
      return answer();
    }
    if (lastChoice?.host !== host) lastChoice = { host, choice: choose(host, certificates, ask) };
    return void lastChoice.choice.then(
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
