/** Creates certificates during a test: a certificate authority, and certificates signed by it. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import forge from 'node-forge';

/** A subject's attributes in certificate order: `[['OU', 'b'], ['CN', 'c']]`. */
export type Subject = readonly (readonly [shortName: string, value: string])[];
export interface Identity {
  readonly key: string;
  readonly cert: string;
}
export interface Authority {
  readonly identity: Identity;
  /** `days`: validity from now on; negative for an expired certificate */
  sign(subject: Subject, days?: number): Identity;
}

const DAY = 86_400_000;
let serial = 1;

function certificate(subject: Subject, days: number, issuer?: { subject: Subject; key: string }): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const cert = forge.pki.createCertificate();
  cert.publicKey = forge.pki.publicKeyFromPem(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  cert.serialNumber = (serial++).toString(16).padStart(2, '0');
  cert.validity.notBefore = new Date(Date.now() - 30 * DAY);
  cert.validity.notAfter = new Date(Date.now() + days * DAY);
  const attributes = (one: Subject) => one.map(([shortName, value]) => ({ shortName, value }));
  cert.setSubject(attributes(subject));
  cert.setIssuer(attributes(issuer?.subject ?? subject));
  cert.setExtensions([
    { name: 'basicConstraints', cA: issuer === undefined },
    { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
  ]);
  cert.sign(forge.pki.privateKeyFromPem(issuer?.key ?? key), forge.md.sha256.create());
  return { key, cert: forge.pki.certificateToPem(cert) };
}

/** A self-signed authority; also used as a self-signed client certificate. */
export function authority(name = 'ca'): Authority {
  const subject: Subject = [['CN', name]];
  const identity = certificate(subject, 30);
  return {
    identity,
    sign: (of, days = 30) => certificate(of, days, { subject, key: identity.key }),
  };
}

/** Settings of a listener that presents `identity` and trusts `ca`, with their files in `dir`. */
export function tlsSettings(dir: string, identity: Identity, ca: Authority): string[] {
  const [store, trust] = [join(dir, 'broker.pem'), join(dir, 'ca.pem')];
  writeFileSync(store, forge.pki.privateKeyInfoToPem(privateKeyInfo(identity.key)) + identity.cert, { mode: 0o600 });
  writeFileSync(trust, ca.identity.cert);
  return [
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${store}`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${trust}`,
  ];
}

const privateKeyInfo = (pem: string) =>
  forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(forge.pki.privateKeyFromPem(pem)));
