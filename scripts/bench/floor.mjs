/**
 * A lower bound of a broker's CPU time in Node, without any protocol: a bare program that receives bytes over a socket,
 * writes them to a file and syncs it, or sends them from memory. Prints its CPU time, ms.
 *   floor.mjs receive PORT FILE | floor.mjs send PORT BYTES
 */
import { fdatasync, openSync, writeSync } from 'node:fs';
import { connect } from 'node:net';

const [job, port, what] = process.argv.slice(2);
const PIECE = 1 << 20;
let since;
const done = () => {
  const { user, system } = process.cpuUsage(since);
  process.stdout.write(`${(user + system) / 1000}\n`, () => process.exit());
};

function receive() {
  const fd = openSync(what, 'w');
  const piece = Buffer.allocUnsafeSlow(PIECE);
  let filled = 0;
  let syncing = 0;
  let ended = false;
  const flush = () => {
    writeSync(fd, piece, 0, filled);
    filled = 0;
    syncing++;
    fdatasync(fd, () => --syncing === 0 && ended && done());
  };
  const callback = (bytes) => {
    filled += bytes;
    if (filled === PIECE) flush();
    return true;
  };
  const onread = { buffer: () => piece.subarray(filled), callback };
  connect({ port, host: '127.0.0.1', onread }, () => (since = process.cpuUsage())).on('end', () => {
    ended = true;
    flush();
  });
}

function send() {
  const piece = Buffer.alloc(PIECE, 1);
  let left = Number(what);
  const socket = connect({ port, host: '127.0.0.1' }, () => {
    since = process.cpuUsage();
    more();
  });
  const more = () => {
    while (left > 0) {
      const bytes = Math.min(left, PIECE);
      left -= bytes;
      if (!socket.write(piece.subarray(0, bytes))) return socket.once('drain', more);
    }
    socket.end(done);
  };
}

if (job === 'receive') receive();
else send();
