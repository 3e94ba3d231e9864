/** State, producer and partitions of transactions. Mirrors TransactionCoordinator.handleDescribeTransactions. */
import { describeTransactions } from '../../protocol/apis/65-describe-transactions.js';
import { Errors } from '../../protocol/errors.js';
import { handler } from '../handler.js';
import { transactionCoordinator } from '../txns/coordinator.js';

const EMPTY_DESCRIPTION = {
  transactionState: '',
  transactionTimeoutMs: 0,
  transactionStartTimeMs: 0n,
  producerId: 0n,
  producerEpoch: 0,
  topics: [],
};

export default handler({
  api: describeTransactions,
  handle(request, _context, broker) {
    const { txns } = broker.component(transactionCoordinator);
    const transactionStates = request.transactionalIds.map((transactionalId) => {
      const txn = txns.get(transactionalId);
      if (!txn) {
        const errorCode = transactionalId === '' ? Errors.INVALID_REQUEST : Errors.TRANSACTIONAL_ID_NOT_FOUND;
        return { ...EMPTY_DESCRIPTION, transactionalId, errorCode };
      }
      return {
        errorCode: Errors.NONE,
        transactionalId,
        transactionState: txn.state,
        transactionTimeoutMs: txn.timeoutMs,
        transactionStartTimeMs: BigInt(txn.startTimestamp),
        producerId: txn.producerId,
        producerEpoch: txn.producerEpoch,
        topics: [...txn.partitions].map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
      };
    });
    return { throttleTimeMs: 0, transactionStates };
  },
});
