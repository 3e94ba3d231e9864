/** Builds the shell's tree from the image. Mirrors image/node and shell/node/RootShellNode. */
import { COMMIT, VERSION } from '../../cli/flags.js';
import { OPERATIONS, PATTERN_TYPES, PERMISSIONS, RESOURCE_TYPES } from '../../client/admin/acls.js';
import { formatDouble } from '../../java/double.js';
import { metadataVersionName } from '../../kafka/metadata-versions.js';
import { METADATA_VERSION, type MetadataImage, type Topic } from './image.js';
import { type Directory, directory } from './node.js';
import { partitionText } from './partition.js';
import { brokerText, controllerText } from './registrations.js';

/** The last batch contained in the image. Mirrors image/MetadataProvenance. */
export interface Provenance {
  readonly offset: bigint;
  readonly epoch: number;
  readonly timestamp: bigint;
}

export const rootOf = (image: MetadataImage, provenance: Provenance): Directory =>
  directory([
    ['image', imageNode(image, provenance)],
    [
      'local',
      directory([
        ['commitId', COMMIT],
        ['version', VERSION],
      ]),
    ],
  ]);

const imageNode = (image: MetadataImage, provenance: Provenance): Directory =>
  directory([
    ['acls', directory([['byId', directory([...image.acls].map(([id, acl]) => [id, aclText(acl)]))]])],
    ['clientQuotas', quotas(image)],
    ['cluster', cluster(image)],
    ['configs', configs(image)],
    ['delegationToken', directory([...image.tokens].map(([id, token]) => [id, tokenText(token)]))],
    ['features', features(image)],
    ['producerIds', directory([['nextProducerId', String(image.nextProducerId)]])],
    ['provenance', provenanceText(provenance)],
    ['scram', scram(image)],
    ['topics', topics(image)],
  ]);

type Acl = Parameters<MetadataImage['acls']['set']>[1];
const aclText = (acl: Acl): string =>
  `StandardAcl[resourceType=${RESOURCE_TYPES[acl.resourceType] ?? 'UNKNOWN'}, resourceName=${acl.resourceName}, ` +
  `patternType=${PATTERN_TYPES[acl.patternType] ?? 'UNKNOWN'}, principal=${acl.principal}, host=${acl.host}, ` +
  `operation=${OPERATIONS[acl.operation] ?? 'UNKNOWN'}, permissionType=${PERMISSIONS[acl.permissionType] ?? 'UNKNOWN'}]`;

const ENTITY_NAMES = { 'client-id': 'clientId', ip: 'ip', user: 'user' } as const;

function quotas({ quotas: all }: MetadataImage): Directory {
  const escaped = (text: string) => text.replace(/[\\()]/g, '\\$&');
  return directory(
    [...all.values()].map(({ entity, values }) => {
      const parts = Object.entries(ENTITY_NAMES).flatMap(([type, label]) => {
        const name = entity.get(type);
        return name === undefined || name === null ? [] : [`${label}(${escaped(name)})`];
      });
      return [parts.join('_'), directory([...values].map(([key, value]) => [key, formatDouble(value)]))];
    }),
  );
}

const cluster = ({ brokers, controllers }: MetadataImage): Directory =>
  directory([
    ['brokers', directory([...brokers].map(([id, broker]) => [String(id), brokerText(broker)]))],
    ['controllers', directory([...controllers].map(([id, controller]) => [String(id), controllerText(controller)]))],
  ]);

/** ConfigResource.Type */
const CONFIG_TYPES: Readonly<Record<string, string>> = {
  2: 'TOPIC',
  4: 'BROKER',
  8: 'BROKER_LOGGER',
  16: 'CLIENT_METRICS',
  32: 'GROUP',
};

const configs = ({ configs: all }: MetadataImage): Directory =>
  directory(
    [...all].map(([key, values]) => {
      const at = key.indexOf(' ');
      const [type, name] = [CONFIG_TYPES[key.slice(0, at)] ?? 'UNKNOWN', key.slice(at + 1)];
      return [name === '' ? type : `${type}:${name}`, directory(values)];
    }),
  );

type Token = Parameters<MetadataImage['tokens']['set']>[1];
/** The odd parentheses are Kafka's. */
const tokenText = (token: Token): string =>
  `DelegationTokenDatatokenId=${token.tokenId}(owner=${token.owner}(tokenRequester=${token.requester}` +
  `(renewers=${token.renewers.join(' ')}, issueTimestamp=${token.issueTimestamp}, maxTimestamp=${token.maxTimestamp})` +
  `, expiryTimestamp=${token.expirationTimestamp}`;

function features({ features: levels }: MetadataImage): Directory {
  const level = levels.get(METADATA_VERSION);
  const name = level === undefined ? undefined : metadataVersionName(level);
  const others = [...levels].filter(([feature]) => feature !== METADATA_VERSION);
  return directory([
    ['metadataVersion', name === undefined ? 'Optional.empty' : `Optional[${name}]`],
    ...others.map(([feature, value]) => [`finalized_${feature}`, String(value)] as const),
  ]);
}

function provenanceText({ offset, epoch, timestamp }: Provenance): string {
  // ISO_ZONED_DATE_TIME omits trailing zeros of the fraction of a second
  const time = new Date(Number(timestamp))
    .toISOString()
    .replace(/\.?0+Z$/, (zeros) => (zeros.includes('.') ? 'Z' : zeros));
  return `offset ${offset}, epoch ${epoch}, time ${time}[UTC]`;
}

const MECHANISMS = { 1: 'SCRAM-SHA-256', 2: 'SCRAM-SHA-512' } as const;

function scram({ scram: all }: MetadataImage): Directory {
  const of = (number: string) => [...all.values()].filter(({ mechanism }) => String(mechanism) === number);
  return directory(
    Object.entries(MECHANISMS).map(([number, name]) => [
      name,
      directory(
        of(number).map((c) => [
          c.name,
          `ScramCredentialData(salt=${c.salt.toString('hex')}, storedKey=${c.storedKey.toString('hex')}, ` +
            `serverKey=${c.serverKey.toString('hex')}, iterations=${c.iterations})`,
        ]),
      ),
    ]),
  );
}

function topics({ topics: all }: MetadataImage): Directory {
  const nodes = [...all.values()].map((topic) => ({ topic, node: topicNode(topic) }));
  return directory([
    ['byId', directory(nodes.map(({ topic, node }) => [topic.id, node]))],
    ['byName', directory(nodes.map(({ topic, node }) => [topic.name, node]))],
  ]);
}

const topicNode = ({ name, id, partitions }: Topic): Directory =>
  directory([
    ['name', name],
    ['id', id],
    ...[...partitions].map(([number, partition]) => [String(number), partitionText(partition)] as const),
  ]);
