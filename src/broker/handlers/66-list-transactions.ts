/** Lists transactional ids that match the filters. Mirrors TransactionStateManager.listTransactionStates. */
import { Re2Error } from '../../java/re2.js';
import { listTransactions } from '../../protocol/apis/66-list-transactions.js';
import { Errors } from '../../protocol/errors.js';
import { BoundedPattern } from '../bounded-pattern.js';
import { handler } from '../handler.js';
import { transactionCoordinator } from '../txns/coordinator.js';
import { STATES } from '../txns/transaction.js';

export default handler({
  api: listTransactions,
  async handle({ stateFilters, producerIdFilters, durationFilter, transactionalIdPattern }, _context, broker) {
    const answer = { throttleTimeMs: 0, unknownStateFilters: [] as string[], transactionStates: [] };
    const { txns } = broker.component(transactionCoordinator);
    let matching: ReadonlySet<string> | undefined;
    try {
      if (transactionalIdPattern) {
        matching = new Set(await new BoundedPattern(transactionalIdPattern).all([...txns.keys()]));
      }
    } catch (error) {
      if (!(error instanceof Re2Error)) throw error;
      return { ...answer, errorCode: Errors.INVALID_REGULAR_EXPRESSION };
    }
    const now = BigInt(broker.now());
    const listed = [...txns.values()].filter(
      (txn) =>
        (producerIdFilters.length === 0 || producerIdFilters.includes(txn.producerId)) &&
        (stateFilters.length === 0 || stateFilters.includes(txn.state)) &&
        (durationFilter < 0n || now - BigInt(txn.startTimestamp) > durationFilter) &&
        (!matching || matching.has(txn.transactionalId)),
    );
    return {
      ...answer,
      errorCode: Errors.NONE,
      unknownStateFilters: stateFilters.filter((s) => !(STATES as readonly string[]).includes(s)),
      transactionStates: listed.map(({ transactionalId, producerId, state }) => ({
        transactionalId,
        producerId,
        transactionState: state,
      })),
    };
  },
});
