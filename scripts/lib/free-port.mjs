import { createServer } from 'node:net';

const listening = (port) =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, () => resolve(server));
  });
const closed = (server) => new Promise((resolve) => server.close(resolve));

/** A port that is free, and so is the one behind it: Apache Kafka's controller takes that. */
export async function freePort() {
  for (;;) {
    const server = await listening(0);
    const { port } = server.address();
    const next = await listening(port + 1).catch(() => undefined);
    await closed(server);
    if (!next) continue;
    await closed(next);
    return port;
  }
}
