/** ts-kafka x the embedded broker: what test/wide/golden.test.ts runs against Apache Kafka's broker, and with its tools. */
import { goldenSuite } from '../support/golden.js';

goldenSuite({ tools: 'ts', broker: 'embedded' });
