/** Maps each API to its rule. An API without a rule is denied, so a new API is closed by default. */
import { saslHandshake } from '../../../protocol/apis/17-sasl-handshake.js';
import { apiVersions } from '../../../protocol/apis/18-api-versions.js';
import { saslAuthenticate } from '../../../protocol/apis/36-sasl-authenticate.js';
import { createDelegationToken } from '../../../protocol/apis/38-create-delegation-token.js';
import { renewDelegationToken } from '../../../protocol/apis/39-renew-delegation-token.js';
import { expireDelegationToken } from '../../../protocol/apis/40-expire-delegation-token.js';
import { describeDelegationToken } from '../../../protocol/apis/41-describe-delegation-token.js';
import type { AnyApi } from '../../../protocol/wire/schema.js';
import { CloseConnection } from '../../handler.js';
import { clusterRules } from './cluster.js';
import { configRules } from './configs.js';
import { groupRules } from './groups.js';
import { offsetRules } from './offsets.js';
import { recordRules } from './records.js';
import { type Authorized, authorize, open, type Rule } from './rule.js';
import { shareRules } from './share.js';
import { topicRules } from './topics.js';
import { transactionRules } from './transactions.js';

const RULES: readonly Authorized[] = [
  ...recordRules,
  ...topicRules,
  ...offsetRules,
  ...groupRules,
  ...transactionRules,
  ...shareRules,
  ...configRules,
  ...clusterRules,
  authorize(saslHandshake, open),
  authorize(apiVersions, open),
  authorize(saslAuthenticate, open),
  // tokens are not supported, which every client may know
  authorize(createDelegationToken, open),
  authorize(renewDelegationToken, open),
  authorize(expireDelegationToken, open),
  authorize(describeDelegationToken, open),
];

const byKey: (Rule<AnyApi> | undefined)[] = [];
for (const { api, rule } of RULES) byKey[api.key] = rule;

const CLOSED: Rule<AnyApi> = () => {
  throw new CloseConnection();
};

/** The rule of an API. */
export const ruleOf = (apiKey: number): Rule<AnyApi> => byKey[apiKey] ?? CLOSED;
/** keys of all APIs that have a rule */
export const ruledKeys = (): number[] => RULES.map(({ api }) => api.key);
