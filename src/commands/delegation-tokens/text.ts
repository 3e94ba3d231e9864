import type { DelegationToken, TokenPrincipal } from '../../client/admin/delegation-tokens.js';

const WIDTHS = [15, 30, 15, 15, 25, 15, 15, 15];
const HEADINGS = ['TOKENID', 'HMAC', 'OWNER', 'REQUESTER', 'RENEWERS', 'ISSUEDATE', 'EXPIRYDATE', 'MAXDATE'];

const line = (cells: readonly string[]): string =>
  `\n${cells.map((cell, i) => cell.padEnd(WIDTHS[i] as number)).join(' ')}\n`;

/** The table of tokens; every row, including the header, follows a blank line. */
export const tokenTable = (tokens: readonly DelegationToken[]): string =>
  [HEADINGS, ...tokens.map(cells)].map(line).join('');

function cells(token: DelegationToken): string[] {
  return [
    token.tokenId,
    token.hmac.toString('base64'),
    principalText(token.owner),
    principalText(token.requester),
    `[${token.renewers.map(principalText).join(', ')}]`,
    ...[token.issued, token.expires, token.maximum].map(timeText),
  ];
}

const principalText = ({ type, name }: TokenPrincipal): string => `${type}:${name}`;

/** "2026-01-31T12:00", in the local time zone */
export function timeText(ms: bigint): string {
  const date = new Date(Number(ms));
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}
