import { goldenSuite } from '../support/golden.js';

// dump-log reads files, there are no streams groups on the embedded broker, and the others here are mostly about arguments
// that are refused before a broker is asked: Java's tools would say again what was recorded
const ASKS_NO_BROKER = 'dump-log|streams-groups|odd-arguments|share-tools|streams-application-reset';
goldenSuite({ tools: 'java', broker: 'embedded', only: new RegExp(`^(?!${ASKS_NO_BROKER})`) });
goldenSuite({ tools: 'ts', broker: '4.4.0' });
// the tutorial's version, through its exercise
goldenSuite({ tools: 'java', version: '3.7.2', broker: 'embedded', only: /^exercise/ });
goldenSuite({ tools: 'ts', broker: '3.7.2', only: /^exercise/ });
