/** Certificates and stores created with openssl and keytool, as administrators do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../support/process.js';

export const PASSWORD = 'changeit';

const SCRIPT = `
set -eu
ca() { openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout $1.key -out $1.pem; }
request() { openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout $1.key -out $1.csr; printf "subjectAltName=$2\\n" > $1.ext; }
sign() { openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile $1.ext -days 2 -out $1.pem; }
store() { openssl pkcs12 -export -in $1.pem -inkey $1.key -certfile ca.pem -passout pass:${PASSWORD} -name $1 -out $1.p12; cat $1.key $1.pem > $1.all.pem; }
trust() { keytool "$@" -importcert -noprompt -alias ca -storepass ${PASSWORD}; }
ca ca; ca other
request broker DNS:localhost,IP:127.0.0.1; sign broker; store broker
request elsewhere DNS:elsewhere.example; sign elsewhere; store elsewhere
request client DNS:client; sign client; store client
request expired DNS:localhost
: > index; echo 01 > serial
printf '[ca]\\ndefault_ca=x\\n[x]\\ndatabase=index\\nserial=serial\\nnew_certs_dir=.\\ndefault_md=sha256\\npolicy=p\\n[p]\\ncommonName=supplied\\n' > ca.conf
openssl ca -batch -config ca.conf -startdate 20200101000000Z -enddate 20200201000000Z -in expired.csr -cert ca.pem -keyfile ca.key -extfile expired.ext -out expired.pem -notext
store expired
trust -file ca.pem -storetype PKCS12 -keystore trust.p12
trust -file ca.pem -storetype JKS -keystore trust.jks
trust -J-Dkeystore.pkcs12.legacy -file ca.pem -storetype PKCS12 -keystore trust-jdk8.p12
trust -file other.pem -storetype JKS -keystore other.jks
keytool -importkeystore -noprompt -srckeystore client.p12 -srcstorepass ${PASSWORD} -destkeystore client.jks -deststoretype JKS -deststorepass ${PASSWORD} -destkeypass ${PASSWORD}
openssl pkcs8 -topk8 -v2 aes256 -in client.key -passout pass:secret -out client-encrypted.pem
`;

/** Creates all of them in a folder. Throws with the output of openssl or keytool. */
export async function makePki(dir: string): Promise<void> {
  const script = join(dir, 'pki.sh');
  writeFileSync(script, SCRIPT);
  const { code, stderr } = await run('bash', ['-c', `cd '${dir}' && bash pki.sh`], '', 120_000);
  if (code !== 0) throw new Error(`certificates could not be made: ${stderr}`);
}
