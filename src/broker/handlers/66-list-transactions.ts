/** Transactional ids, filtered. Mirrors TransactionStateManager.listTransactionStates. */
import { listTransactions } from '../../protocol/apis/66-list-transactions.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';
import { transactionCoordinator } from '../txns/coordinator.js';
import { STATES } from '../txns/transaction.js';

export default handler({
  api: listTransactions,
  handle({ stateFilters, producerIdFilters, durationFilter, transactionalIdPattern }, _context, broker) {
    const answer = { throttleTimeMs: 0, unknownStateFilters: [] as string[], transactionStates: [] };
    let pattern: RegExp | undefined;
    try {
      if (transactionalIdPattern) pattern = new RegExp(`^(?:${transactionalIdPattern})$`);
    } catch {
      return { ...answer, errorCode: Errors.INVALID_REGULAR_EXPRESSION };
    }
    const now = BigInt(broker.now());
    const { txns } = broker.part(transactionCoordinator);
    const listed = [...txns.values()].filter(
      (txn) =>
        (producerIdFilters.length === 0 || producerIdFilters.includes(txn.producerId)) &&
        (stateFilters.length === 0 || stateFilters.includes(txn.state)) &&
        (durationFilter < 0n || now - BigInt(txn.startTimestamp) > durationFilter) &&
        (!pattern || pattern.test(txn.transactionalId)),
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
