import { KafkaError } from '../../protocol/errors.js';

/** An error of the consumer that is not the broker's: Java's class and words. */
export class ConsumerError extends KafkaError {
  override readonly exception: string;
  /** with its package */
  override readonly javaClass: string;
  constructor(javaClass: string, message: string) {
    super(-1, message);
    this.javaClass = javaClass;
    this.exception = javaClass.slice(javaClass.lastIndexOf('.') + 1);
  }
}
