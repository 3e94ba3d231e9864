/** Converts cipher suite names: Java uses the IANA names, OpenSSL has its own below TLS 1.3. */
export function cipherNames(suites: string | undefined): string | undefined {
  const names = (suites ?? '').split(',').map((name) => name.trim());
  const own = names.filter((name) => name !== '').map(opensslName);
  return own.length > 0 ? own.join(':') : undefined;
}

function opensslName(suite: string): string {
  const match =
    /^TLS_(ECDHE_RSA|ECDHE_ECDSA|DHE_RSA|RSA)_WITH_(AES_(?:128|256)_(?:GCM|CBC)|CHACHA20_POLY1305)_SHA(\d*)$/.exec(
      suite,
    );
  if (!match) return suite;
  const [, exchange = '', cipher = '', hash = ''] = match;
  if (cipher.startsWith('CHACHA')) return `${exchange.replace('_', '-')}-CHACHA20-POLY1305`;
  const body = cipher.replace(/^AES_(\d+)_GCM$/, 'AES$1-GCM').replace(/^AES_(\d+)_CBC$/, 'AES$1');
  const prefix = exchange === 'RSA' ? '' : `${exchange.replace('_', '-')}-`;
  return `${prefix}${body}-SHA${hash}`;
}
