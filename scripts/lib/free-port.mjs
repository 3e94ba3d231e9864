import { createServer } from 'node:net';

const listening = (port) =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, () => resolve(server));
  });
const closed = (server) => new Promise((resolve) => server.close(resolve));

/** Below the ephemeral port range: an ephemeral port could be taken again before a broker listens on it. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** The first of `count` consecutive free ports: Apache Kafka's controller uses the last one. */
export async function freePort(count = 2) {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const servers = [];
    while (servers.length < count) {
      const server = await listening(port + servers.length).catch(() => undefined);
      if (!server) break;
      servers.push(server);
    }
    await Promise.all(servers.map(closed));
    if (servers.length === count) return port;
  }
}
